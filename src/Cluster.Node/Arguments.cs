namespace Backup.Cluster.Node;

/// <summary>The command line of a node, after --set has been taken out.</summary>
internal static class Arguments
{
    /// <exception cref="ArgumentException">An argument that a node does not know.</exception>
    internal static IReadOnlyList<string> Overlays(IReadOnlyList<string> arguments, out bool printOnly)
    {
        var overlays = new List<string>();
        printOnly = false;
        for (var i = 0; i < arguments.Count; i++)
        {
            switch (arguments[i])
            {
                case "--config" when i + 1 < arguments.Count:
                    overlays.Add(arguments[++i]);
                    break;
                case "--print-settings":
                    printOnly = true;
                    break;
                default:
                    throw new ArgumentException($"argument \"{arguments[i]}\" is not known; see --help");
            }
        }

        return overlays;
    }

    internal static int Explain(string message)
    {
        Serilog.Log.Error("Cannot start: {Reason}", message);
        Console.Error.WriteLine($"backup-node cannot start: {message}");
        return ExitCodes.CannotStart;
    }
}

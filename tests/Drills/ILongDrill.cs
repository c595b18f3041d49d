namespace Backup.Drills;

/// <summary>A fault of a list that needs a product of its own, and is never composed with others.</summary>
internal interface ILongDrill
{
    string Name { get; }

    /// <summary>What was measured, in words.</summary>
    string Seen { get; }

    /// <exception cref="DrillFailedException">It did not hold.</exception>
    Task RunAsync();
}

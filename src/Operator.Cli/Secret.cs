using System.Text;

namespace Backup.Operator.Cli;

/// <summary>Something that must be on no screen, in no history of commands and in no list of processes.</summary>
internal static class Secret
{
    /// <summary>From the terminal without an echo, twice; or the first line of what is piped in.</summary>
    /// <exception cref="CommandFailedException">Nothing was given, or two different ones.</exception>
    internal static string Read(string prompt)
    {
        if (Console.IsInputRedirected)
        {
            return Console.In.ReadLine() is { Length: > 0 } line ? line : throw new CommandFailedException("expected a password on standard input; found none");
        }

        var first = Ask(prompt);
        return Ask("Once more: ") == first ? first : throw new CommandFailedException("the two are not the same; nothing was done");
    }

    private static string Ask(string prompt)
    {
        Console.Error.Write(prompt);
        var typed = new StringBuilder();
        for (var key = Console.ReadKey(intercept: true); key.Key != ConsoleKey.Enter; key = Console.ReadKey(intercept: true))
        {
            if (key.Key == ConsoleKey.Backspace)
            {
                typed.Length = Math.Max(0, typed.Length - 1);
            }
            else if (!char.IsControl(key.KeyChar))
            {
                typed.Append(key.KeyChar);
            }
        }

        Console.Error.WriteLine();
        return typed.ToString();
    }
}

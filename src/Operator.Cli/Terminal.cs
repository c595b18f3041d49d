using System.Text.Json;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace Backup.Operator.Cli;

/// <summary>A command could not do what was asked; the message is all that a person needs.</summary>
internal sealed class CommandFailedException(string message) : Exception(message);

/// <summary>How results reach the operator: tables for people, JSON for scripts, errors on standard error.</summary>
internal static class Terminal
{
    internal static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static void Json(JsonNode? node) => Console.WriteLine(node?.ToJsonString(Indented) ?? "null");

    /// <summary>Prints rows under named columns; every cell is plain text.</summary>
    internal static void Table(string? title, string[] columns, IEnumerable<string[]> rows)
    {
        var table = new Table { Border = TableBorder.Simple, Title = title is null ? null : new TableTitle(Markup.Escape(title)) };
        table.AddColumns([.. columns.Select(column => new TableColumn(Markup.Escape(column)) { NoWrap = true })]);
        foreach (var row in rows)
        {
            table.AddRow([.. row.Select(Markup.Escape)]);
        }

        if (Console.IsOutputRedirected)
        {
            // A pipe has no width to fit into, so nothing is cut, and no colours.
            AnsiConsole.Profile.Width = 240;
            AnsiConsole.Profile.Capabilities.Ansi = false;
        }

        AnsiConsole.Write(table);
    }

    /// <summary>Goes on only when the person types the phrase: what comes cannot be taken back.</summary>
    /// <exception cref="CommandFailedException">Something else was typed, or nothing.</exception>
    internal static void Confirm(string consequence, string phrase)
    {
        Console.Error.WriteLine(consequence);
        Console.Error.Write($"Type \"{phrase}\" to go on: ");
        if (Console.In.ReadLine()?.Trim() != phrase)
        {
            throw new CommandFailedException("not confirmed; nothing was done");
        }
    }

    internal static void Line(string text) => Console.WriteLine(text);

    /// <summary>Runs a command; a failure that was foreseen is one line and exit status 1.</summary>
    internal static async Task<int> RunAsync(Func<Task<int>> command)
    {
        try
        {
            return await command();
        }
        catch (Exception foreseen) when (foreseen is CommandFailedException or Actor.Kernel.Journal.JournalException
            or Exchange.Wire.WireFormatException or Continuity.Import.ImportRefusedException or Continuity.ReferenceData.ReferenceDataException
            or FileNotFoundException or DirectoryNotFoundException)
        {
            await Console.Error.WriteLineAsync($"pbm: {foreseen.Message}");
            return 1;
        }
    }

    internal static string Text(JsonNode? node) => node switch
    {
        null => "-",
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        JsonArray array => string.Join(',', array.Select(Text)),
        _ => node.ToJsonString(),
    };
}

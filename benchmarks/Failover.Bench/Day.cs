using Backup.Drills;

namespace Backup.Failover.Bench;

/// <summary>The sample day with other cash positions, in a folder of its own.</summary>
internal sealed class Day : IDisposable
{
    private Day() => Folder = Directory.CreateTempSubdirectory("backup-bench-data-").FullName;

    internal string Folder { get; }

    /// <param name="quantityOf">What a client holds of a share, by client, share, and what the sample says.</param>
    internal static Day With(Func<string, string, long, long> quantityOf)
    {
        var day = new Day();
        foreach (var file in Directory.GetFiles(Path.Combine(Repository.Root, "data/sample")))
        {
            File.Copy(file, Path.Combine(day.Folder, Path.GetFileName(file)));
        }

        var cash = Path.Combine(day.Folder, "cash_positions.csv");
        var lines = File.ReadAllLines(cash);
        for (var i = 1; i < lines.Length; i++)
        {
            var cells = lines[i].Split(',');
            cells[4] = $"{quantityOf(cells[0], cells[2], long.Parse(cells[4]))}";
            lines[i] = string.Join(',', cells);
        }

        File.WriteAllLines(cash, lines);
        return day;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}

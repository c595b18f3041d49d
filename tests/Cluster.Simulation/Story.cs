using System.Globalization;
using Backup.Cluster.Simulation.Time;

namespace Backup.Cluster.Simulation;

/// <summary>What happened in a run, for people; told only when somebody wants to read it.</summary>
internal sealed class Story(SimScheduler scheduler, bool tells)
{
    private readonly List<string> _lines = [];

    internal IReadOnlyList<string> Lines => _lines;

    internal void Note(string what)
    {
        if (tells)
        {
            _lines.Add(string.Create(CultureInfo.InvariantCulture, $"{scheduler.Elapsed.TotalSeconds,9:F4}  {what}"));
        }
    }
}

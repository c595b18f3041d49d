namespace Backup.Cluster.Simulation.Database;

/// <param name="IsShared">"For share", which many may have; else one alone.</param>
internal readonly record struct RowLock(RowKey Key, bool IsShared);

/// <summary>
/// Row locks of running transactions. Who waits is served in order, and gets everything that it asks for at once, so that nobody waits in a
/// circle.
/// </summary>
internal sealed class Locks
{
    private readonly Dictionary<RowKey, int> _held = [];
    private readonly List<(IReadOnlyList<RowLock> Wanted, Action Granted)> _waiting = [];

    /// <summary>Calls back when the locks are held: at once, or when those before have ended.</summary>
    internal void Take(IReadOnlyList<RowLock> wanted, Action granted)
    {
        if (wanted.All(CanHave) && !_waiting.Exists(other => Conflict(other.Wanted, wanted)))
        {
            Hold(wanted);
            granted();
            return;
        }

        _waiting.Add((wanted, granted));
    }

    internal void Release(IReadOnlyList<RowLock> held)
    {
        foreach (var one in held)
        {
            var left = one.IsShared ? _held[one.Key] - 1 : 0;
            if (left == 0)
            {
                _held.Remove(one.Key);
            }
            else
            {
                _held[one.Key] = left;
            }
        }

        var granted = new List<Action>();
        for (var i = 0; i < _waiting.Count; i++)
        {
            var (wanted, then) = _waiting[i];
            if (wanted.All(CanHave) && !_waiting.Take(i).Any(before => Conflict(before.Wanted, wanted)))
            {
                Hold(wanted);
                granted.Add(then);
                _waiting.RemoveAt(i--);
            }
        }

        granted.ForEach(then => then());
    }

    /// <summary>The server is gone, and every transaction with it.</summary>
    internal void Clear()
    {
        _held.Clear();
        _waiting.Clear();
    }

    /// <summary>Shared holders are counted; -1 is one alone.</summary>
    private bool CanHave(RowLock wanted) => !_held.TryGetValue(wanted.Key, out var holders) || (wanted.IsShared && holders > 0);

    private void Hold(IReadOnlyList<RowLock> wanted)
    {
        foreach (var one in wanted)
        {
            _held[one.Key] = one.IsShared ? _held.GetValueOrDefault(one.Key) + 1 : -1;
        }
    }

    private static bool Conflict(IReadOnlyList<RowLock> some, IReadOnlyList<RowLock> others) =>
        some.Any(one => others.Any(other => other.Key == one.Key && !(one.IsShared && other.IsShared)));
}

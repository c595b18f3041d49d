using System.Runtime.InteropServices;

namespace Backup.Exchange.Wire.Broadcast;

/// <summary>
/// Tells packets that come twice or out of order. The exchange numbers them for each generating process only, and names the process by
/// machine; so a sender is a machine and a code. Gaps mean nothing, as a process may number several codes in one row.
/// </summary>
internal sealed class BroadcastSequences
{
    /// <summary>A number farther back than this is a sender that began again.</summary>
    private const int LateMax = 1000;

    /// <summary>More senders than any exchange has; those beyond it are never called late.</summary>
    private const int SendersMax = 256;

    private readonly Dictionary<(long Machine, short Code), int> _last = new(SendersMax);

    public bool IsLate(long machine, short code, int sequence)
    {
        if (_last.Count >= SendersMax && !_last.ContainsKey((machine, code)))
        {
            return false;
        }

        ref var last = ref CollectionsMarshal.GetValueRefOrAddDefault(_last, (machine, code), out var isKnown);
        var back = (long)last - sequence;
        if (isKnown && back is >= 0 and <= LateMax)
        {
            return true;
        }

        last = sequence;
        return false;
    }
}

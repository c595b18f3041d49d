namespace Backup.Tap.Stream;

/// <summary>What a send invitation of the exchange (15000) means. Sources disagree, and today's documents have none (NSE-TAP.md 3.4).</summary>
public enum InvitationRule
{
    /// <summary>Nothing: only the contracted rate holds orders back.</summary>
    Ignore,

    /// <summary>The count is added to what is left.</summary>
    Add,

    /// <summary>The count replaces what is left.</summary>
    Replace,
}

/// <summary>Orders that the exchange's invitations still allow in this session.</summary>
/// <remarks>Safe for threads.</remarks>
internal sealed class InvitationCredit(InvitationRule rule)
{
    private readonly Lock _gate = new();
    private int _left;

    /// <summary>Told when credit has come.</summary>
    public Action? Granted { get; set; }

    /// <summary>Null where no invitation is needed.</summary>
    public int? Left => rule == InvitationRule.Ignore ? null : _left;

    /// <summary>A new session has none until it is invited.</summary>
    public void BeginSession()
    {
        lock (_gate)
        {
            _left = 0;
        }
    }

    public void Grant(int count)
    {
        lock (_gate)
        {
            _left = rule == InvitationRule.Replace ? Math.Max(count, 0) : (int)Math.Min((long)_left + Math.Max(count, 0), int.MaxValue);
        }

        Granted?.Invoke();
    }

    /// <summary>True when one more order may go; it counts from now on.</summary>
    public bool TryTake()
    {
        lock (_gate)
        {
            if (rule == InvitationRule.Ignore)
            {
                return true;
            }

            if (_left == 0)
            {
                return false;
            }

            _left--;
            return true;
        }
    }

    /// <summary>What was taken was not needed.</summary>
    public void Return()
    {
        lock (_gate)
        {
            _left += rule == InvitationRule.Ignore ? 0 : 1;
        }
    }
}

using System.Collections.Frozen;

namespace Backup.Gateway.Api.Login;

/// <summary>What a holder of a token may do: docs/roles.md says which address is open to whom.</summary>
public static class Roles
{
    /// <summary>A client: exits and cancels in his own account.</summary>
    public const string Trader = "trader";

    /// <summary>Acts for a client who has called or written, with the reference of the call or mail.</summary>
    public const string AssistedDesk = "assisted-desk";

    /// <summary>Works on the management port; here he has his own login only.</summary>
    public const string Operator = "operator";

    /// <summary>The second pair of eyes; here he has his own login only.</summary>
    public const string Approver = "approver";

    /// <summary>Reads what a client reads, and changes nothing.</summary>
    public const string Auditor = "auditor";

    /// <summary>Of the broker's own people, as they are asked for.</summary>
    public static IReadOnlyList<string> OfStaff { get; } = [AssistedDesk, Operator, Approver, Auditor];

    internal static FrozenSet<string> Everybody { get; } = OfStaff.Append(Trader).ToFrozenSet(StringComparer.Ordinal);
}

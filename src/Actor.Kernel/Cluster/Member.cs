using System.Collections.Immutable;
using System.Globalization;

namespace Backup.Actor.Kernel.Cluster;

/// <summary>One life of a node: its name, and the incarnation under which it joined. A later life has a higher one.</summary>
public readonly record struct NodeId(string Name, long Incarnation)
{
    public override string ToString() => $"{Name}#{Incarnation}";

    /// <summary>The name in an owner of a lease, which is such a text.</summary>
    public static string NameIn(string owner) => owner[..Math.Max(owner.LastIndexOf('#'), 0)];

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static bool TryParse(string? text, out NodeId id)
    {
        var split = text?.LastIndexOf('#') ?? -1;
        var incarnation = 0L;
        var isOne = split > 0 && long.TryParse(text.AsSpan(split + 1), NumberStyles.None, CultureInfo.InvariantCulture, out incarnation);
        id = isOne ? new NodeId(text![..split], incarnation) : default;
        return isOne;
    }
}

/// <summary>Where a membership stands. Only <see cref="Up"/> can change, and only once.</summary>
public enum MemberStatus
{
    /// <summary>It joined and was not ended; whether it lives says its expiry.</summary>
    Up = 0,

    /// <summary>It left by itself.</summary>
    Left = 1,

    /// <summary>An operator or the split-brain resolver ended it.</summary>
    Down = 2,
}

/// <summary>A row of the membership, as one reading of the store has it.</summary>
/// <param name="Address">Where its links are opened.</param>
/// <param name="Roles">What it does: account, tap, gateway, continuity.</param>
/// <param name="JoinedAt">By the store's clock; the earlier, the older. Equal ones are ordered by name.</param>
/// <param name="ExpiresIn">By the store's clock at the reading. Zero: it no longer lives, and this incarnation never will again.</param>
/// <param name="Reaches">Names of the members with which it has a working link, as it said at its last beat. Others are ignored.</param>
/// <param name="Reason">Why it left or is down; empty while it is up.</param>
public sealed record Member(
    NodeId Id,
    string Address,
    ImmutableArray<string> Roles,
    DateTimeOffset JoinedAt,
    TimeSpan ExpiresIn,
    ImmutableArray<string> Reaches,
    MemberStatus Status = MemberStatus.Up,
    string Reason = "")
{
    public string Name => Id.Name;

    /// <summary>It counts: for sides, for shards, for who is oldest.</summary>
    public bool IsLive => Status == MemberStatus.Up && ExpiresIn > TimeSpan.Zero;

    /// <summary>Why the member asked for is one no longer, by this row of its name; null while it lives.</summary>
    public string? WhyEnded(NodeId asked) => (asked.Incarnation.CompareTo(Id.Incarnation), Status) switch
    {
        ( < 0, _) => $"{asked} is over: its name joined again as {Id}",
        ( > 0, _) => $"{asked} never joined: its name is known as {Id}",
        (_, MemberStatus.Left) => $"{asked} has left",
        (_, MemberStatus.Down) => $"{asked} was downed: {Reason}",
        _ => IsLive ? null : $"{asked} did not beat in time: its lease has run out",
    };
}

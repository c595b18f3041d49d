namespace Backup.Account.Domain.Orders;

/// <summary>
/// Where an order is in its life (rulebook 2).
/// <code>
/// Accepted --intent journaled--> Sent --confirmed--> Open --cancel intent--> CancelSent
///    |                             |  \                |  \                      |
///    |                             |   +--rejected     |   +--filled             +--cancelled / filled / refused: Open again
///    +--cancelled before sending   +--link lost--> Unknown --found--> Open ...   +--link lost--> Unknown
///                                                     +--proven absent--> Absent
///
/// Open --intent to change--> ModifySent --modified / refused--> Open; it may fill meanwhile, and a lost link makes it Unknown.
/// </code>
/// </summary>
public enum OrderStatus
{
    /// <summary>Durable here, the client has been told, not sent yet.</summary>
    Accepted = 1,

    /// <summary>The intent to send is journaled; bytes may be on the wire; no answer yet.</summary>
    Sent = 2,

    /// <summary>In the exchange's book, perhaps partly filled.</summary>
    Open = 3,

    /// <summary>In the book, and the intent to cancel it is journaled.</summary>
    CancelSent = 4,

    /// <summary>Sent, and the link was lost before an answer: keeps its whole reservation, is never sent again by itself.</summary>
    Unknown = 5,

    /// <summary>Completely traded.</summary>
    Filled = 6,

    /// <summary>Taken out of the book, or never sent because it was cancelled here first.</summary>
    Cancelled = 7,

    /// <summary>Refused by the exchange.</summary>
    Rejected = 8,

    /// <summary>Was unknown; a complete download on a new session proved that the exchange never took it.</summary>
    Absent = 9,

    /// <summary>In the book, and the intent to change its terms is journaled.</summary>
    ModifySent = 10,
}

public static class OrderStatusRules
{
    /// <summary>True when nothing of the order can trade any more.</summary>
    public static bool IsFinal(this OrderStatus status) =>
        status is OrderStatus.Filled or OrderStatus.Cancelled or OrderStatus.Rejected or OrderStatus.Absent;

    /// <summary>True while the exchange owes an answer about the order's entry, so that a second one alike would be ambiguous.</summary>
    public static bool IsUnanswered(this OrderStatus status) => status is OrderStatus.Sent or OrderStatus.Unknown;
}

namespace Backup.Rulebook.Model;

/// <summary>
/// What lives are spared unless it is asked for by name (<c>--with NAME</c>): each is a danger that the rulebook of today does not
/// answer. When it does, the name goes and the danger stays.
/// </summary>
[Flags]
internal enum Spared
{
    Nothing = 0,

    /// <summary>The cash segment and F&amp;O give the same order number to two orders.</summary>
    SharedNumbers = 1,

    /// <summary>The end of an order is heard before a trade of it.</summary>
    EndBeforeTrade = 2,

    /// <summary>Five cancels of one order get lost or come too late.</summary>
    ManyLostCancels = 4,

    /// <summary>A change or refreshment of an order is heard before its confirmation.</summary>
    EarlyChange = 16,

    /// <summary>The broker's desk changes an order while a change of ours is without an answer.</summary>
    CrossedChange = 32,

    /// <summary>A trade that cannot be told to be ours is heard before the order that it belongs to.</summary>
    ForeignTradeFirst = 8,
}

namespace Backup.Drills.Records;

/// <summary>The exchange's message numbers that the checks look at (NSE-TAP.md 9).</summary>
internal static class ExchangeCodes
{
    internal const int RouterRequest = 2400;
    internal const int SignOn = 2300;
    internal const int Download = 7000;
    internal const int Downloaded = 7021;
    internal const int Contingency = 5294;
    internal const int Enter = 20000;
    internal const int Modify = 20040;
    internal const int ModifyRejected = 20042;
    internal const int Cancel = 20070;
    internal const int CancelRejected = 20072;
    internal const int Confirmed = 20073;
    internal const int Modified = 20074;
    internal const int Cancelled = 20075;
    internal const int Traded = 20222;
    internal const int Rejected = 20231;
    internal const int SignedOff = 20322;

    /// <summary>Full-size forms lie so far below the trimmed ones; derivatives' refusals come in full size.</summary>
    internal const int Trimmed = 18000;
}

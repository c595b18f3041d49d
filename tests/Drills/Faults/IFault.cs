using Backup.Drills.Records;

namespace Backup.Drills.Faults;

/// <summary>One way in which the link to the exchange, or the exchange, goes wrong. Made new for every run.</summary>
internal interface IFault
{
    /// <summary>The number in the fault matrix, and a word.</summary>
    string Name { get; }

    /// <summary>One plain sentence.</summary>
    string Means { get; }

    /// <summary>Bytes pile up and arrive at once, so the distance between messages at the exchange says nothing about ours.</summary>
    bool BunchesBytes => false;

    /// <summary>The exchange forgets: what it lost cannot be found again by a download.</summary>
    bool LosesMemory => false;

    /// <summary>Another process reads the exchange's journal afterwards, and may begin at the start of the day.</summary>
    bool BeginsAgain => false;

    /// <summary>The clients of the run, before it begins, for a fault in which they have a part of their own.</summary>
    void Meet(IReadOnlyList<Trader> traders, ClientRecord record)
    {
    }

    /// <summary>What was measured, in words; empty when there is nothing to measure.</summary>
    string Measured => "";

    /// <summary>Breaks it, keeps it broken as long as this fault lasts, and returns. What is still broken then is healed below.</summary>
    Task StrikeAsync(Stack stack, SeededDice dice, CancellationToken stop);

    Task HealAsync(Stack stack) => Task.CompletedTask;

    /// <summary>What must hold under this fault beyond what always must; each sentence is a violation.</summary>
    IEnumerable<string> Judge(Evidence evidence) => [];

    /// <summary>Whether it had the effect that it is for; a fault that nobody felt has proved nothing.</summary>
    bool WasFelt(Evidence evidence);
}

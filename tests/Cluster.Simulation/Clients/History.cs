namespace Backup.Cluster.Simulation.Clients;

/// <summary>What a client knows about one of his requests.</summary>
internal enum Told
{
    /// <summary>An answer never came, or said that it is not known; or one of several attempts has none.</summary>
    Nothing,

    Done,

    /// <summary>Every attempt was answered, and every answer says that nothing was done.</summary>
    Refused,
}

/// <summary>One request of a client, with all its attempts.</summary>
internal sealed class Act(string client, string what, string key, TimeSpan at)
{
    private int _open;
    private bool _isDone;
    private bool _isInDoubt;

    internal string Client => client;

    /// <summary>exit, cancel or modify.</summary>
    internal string What => what;

    /// <summary>The exit's id, or the order's.</summary>
    internal string Key => key;

    internal TimeSpan At => at;

    internal TimeSpan? DoneAt { get; private set; }

    internal Told Told => _isDone ? Told.Done : _open > 0 || _isInDoubt ? Told.Nothing : Told.Refused;

    internal void Ask() => _open++;

    internal void Hear(Told told, TimeSpan when)
    {
        _open--;
        if (told == Told.Done && !_isDone)
        {
            (_isDone, DoneAt) = (true, when);
        }

        _isInDoubt |= told == Told.Nothing;
    }

    public override string ToString() => $"{client} {what} {key} at {at.TotalSeconds:F3} s: {Told}";
}

/// <summary>The clients' own record: what they asked and what they were told, in order, and what they saw that they must not see.</summary>
internal sealed class History
{
    private readonly List<Act> _acts = [];

    internal IReadOnlyList<Act> Acts => _acts;

    /// <summary>Broken promises that a client saw by himself.</summary>
    internal List<string> Defects { get; } = [];

    /// <summary>I7: what a client was shown without something that he had been told before he asked.</summary>
    internal List<string> StaleReads { get; } = [];

    internal int Reads { get; set; }

    internal Act Begin(string client, string what, string key, TimeSpan at)
    {
        var act = new Act(client, what, key, at);
        _acts.Add(act);
        return act;
    }
}

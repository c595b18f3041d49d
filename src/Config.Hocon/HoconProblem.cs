namespace Backup.Config.Hocon;

/// <summary>Where a key or value was written: a file and its line, counted from 1; line 0 is for what has no lines.</summary>
public readonly record struct HoconOrigin(string File, int Line)
{
    public override string ToString() => Line == 0 ? File : $"{File}:{Line}";
}

/// <summary>One thing wrong with the settings: where, what was found and what was expected.</summary>
public sealed record HoconProblem(HoconOrigin Origin, string Text)
{
    public override string ToString() => $"{Origin}: {Text}";
}

/// <summary>The settings cannot be used. Carries every problem found, not only the first.</summary>
public sealed class HoconException : Exception
{
    public HoconException(IReadOnlyList<HoconProblem> problems)
        : base(Describe(problems))
    {
        Problems = problems;
    }

    public IReadOnlyList<HoconProblem> Problems { get; }

    private static string Describe(IReadOnlyList<HoconProblem> problems)
    {
        var head = problems.Count == 1 ? "One problem in the settings:" : $"{problems.Count} problems in the settings:";
        return head + string.Concat(problems.Select(problem => $"\n  {problem}"));
    }
}

/// <summary>Ends the reading of one file at its first unreadable character; never leaves this project.</summary>
internal sealed class HoconSyntaxException(HoconOrigin origin, string text) : Exception(text)
{
    public HoconProblem Problem { get; } = new(origin, text);
}

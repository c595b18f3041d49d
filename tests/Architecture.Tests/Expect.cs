using Xunit;

namespace Backup.Architecture.Tests;

/// <summary>Says every violation, whole: a list that is cut is read twice.</summary>
internal static class Expect
{
    public static void None(IEnumerable<string> violations)
    {
        var all = violations.ToList();
        Assert.True(all.Count == 0, string.Join('\n', all));
    }
}

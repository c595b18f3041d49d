using Xunit;

namespace Backup.Rulebook.Model;

/// <summary>The short form of ./chaos rulebook: the same lives every time.</summary>
public sealed class RulebookTests
{
    private const int Lives = 50_000;

    [Fact]
    public void Fifty_thousand_lives_keep_every_promise_and_meet_every_danger()
    {
        var trials = new Trials(seed: 1);
        trials.Run(0, Lives / Trials.BatchSize, lanes: 2);

        Assert.True(trials.Failures.Count == 0, string.Join('\n', trials.Failures.Select(failure =>
            $"{failure.Promise}\n./chaos rulebook --seed 1 --batch {failure.Batch}\n{string.Join('\n', failure.Story)}")));
        Assert.Empty(trials.Seen.Missing);
        Assert.Equal(Lives, trials.Runs);
    }
}

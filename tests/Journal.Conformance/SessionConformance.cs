using Backup.Actor.Kernel.Sessions;
using Xunit;

namespace Backup.Journal.Conformance;

/// <summary>What every store of sessions must do.</summary>
public abstract class SessionConformance
{
    private const int Keep = 3;
    private static readonly DateTimeOffset Morning = new(2026, 11, 20, 4, 0, 0, TimeSpan.Zero);

    protected abstract ISessionStore Sessions { get; }

    [Fact]
    public async Task What_was_opened_is_read_by_its_subject_newest_first()
    {
        await OpenAsync("a", "DEMO01", minute: 1);
        await OpenAsync("b", "DEMO01", minute: 2);
        await OpenAsync("c", "DEMO02", minute: 3);

        Assert.Equal([Session("b", "DEMO01", 2), Session("a", "DEMO01", 1)], await ReadAsync("DEMO01"));
        Assert.Equal([Session("c", "DEMO02", 3)], await ReadAsync("DEMO02"));
        Assert.Empty(await ReadAsync("DEMO03"));
    }

    [Fact]
    public async Task An_id_is_good_for_one_session_only_also_after_its_end()
    {
        Assert.Equal([], await OpenAsync("a", "DEMO01", 1));

        Assert.Null(await OpenAsync("a", "DEMO01", 2));
        Assert.Null(await OpenAsync("a", "DEMO02", 2));
        await Sessions.EndAsync("DEMO01", "a", null, default);
        Assert.Null(await OpenAsync("a", "DEMO01", 3));

        Assert.Empty(await ReadAsync("DEMO01"));
        Assert.Empty(await ReadAsync("DEMO02"));
    }

    [Fact]
    public async Task Of_one_id_at_once_one_is_opened()
    {
        var opened = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => OpenAsync("a", "DEMO01", 1).AsTask())));

        Assert.Single(opened, one => one is not null);
    }

    [Fact]
    public async Task Beyond_what_a_subject_may_have_the_oldest_are_ended()
    {
        foreach (var (id, minute) in new[] { ("b", 2), ("a", 1), ("c", 3) })
        {
            Assert.Equal([], await OpenAsync(id, "DEMO01", minute));
        }

        Assert.Equal([], await OpenAsync("z", "DEMO02", 1));
        Assert.Equal(["a"], await OpenAsync("d", "DEMO01", 4));

        Assert.Equal(["d", "c", "b"], (await ReadAsync("DEMO01")).Select(session => session.Id));
        Assert.Single(await ReadAsync("DEMO02"));
    }

    [Fact]
    public async Task A_session_that_is_seen_says_when_and_one_that_is_over_is_not_seen()
    {
        await OpenAsync("a", "DEMO01", 0);
        var noon = Morning + TimeSpan.FromHours(4);

        Assert.Equal(Session("a", "DEMO01", 0) with { SeenAt = noon }, await Sessions.SeeAsync("a", noon, default));
        Assert.Equal(noon, (await ReadAsync("DEMO01")).Single().SeenAt);
        Assert.Null(await Sessions.SeeAsync("a", Morning + TimeSpan.FromHours(8), default));
        Assert.Null(await Sessions.SeeAsync("none", noon, default));
        Assert.Empty(await Sessions.ReadAsync("DEMO01", Morning + TimeSpan.FromHours(8), default));
    }

    [Fact]
    public async Task Who_ends_one_ends_only_his_own_and_once()
    {
        await OpenAsync("a", "DEMO01", 1);
        await OpenAsync("b", "DEMO01", 2);

        Assert.Empty(await Sessions.EndAsync("DEMO02", "a", null, default));
        Assert.NotNull(await Sessions.SeeAsync("a", Morning, default));
        Assert.Equal(["a"], await Sessions.EndAsync("DEMO01", "a", null, default));
        Assert.Empty(await Sessions.EndAsync("DEMO01", "a", null, default));

        Assert.Null(await Sessions.SeeAsync("a", Morning, default));
        Assert.Equal(["b"], (await ReadAsync("DEMO01")).Select(session => session.Id));
    }

    [Fact]
    public async Task All_but_one_can_be_ended_and_all()
    {
        foreach (var id in new[] { "a", "b", "c" })
        {
            await OpenAsync(id, "DEMO01", 1);
        }

        await OpenAsync("d", "DEMO02", 1);

        Assert.Equal(["a", "c"], (await Sessions.EndAsync("DEMO01", null, "b", default)).Order(StringComparer.Ordinal));
        Assert.Equal(["b"], await Sessions.EndAsync("DEMO01", null, null, default));
        Assert.Single(await ReadAsync("DEMO02"));
    }

    [Fact]
    public async Task What_was_ended_lately_is_told_to_who_asks_and_nothing_else()
    {
        await OpenAsync("a", "DEMO01", 1);
        await OpenAsync("b", "DEMO01", 2);
        Assert.Empty(await Sessions.ReadEndedAsync(TimeSpan.FromMinutes(10), default));

        await Sessions.EndAsync("DEMO01", "a", null, default);

        Assert.Equal(["a"], await Sessions.ReadEndedAsync(TimeSpan.FromMinutes(10), default));
        Assert.Empty(await Sessions.ReadEndedAsync(TimeSpan.Zero, default));
    }

    [Fact]
    public async Task What_was_ended_for_another_one_is_told_too()
    {
        for (var minute = 0; minute <= Keep; minute++)
        {
            await OpenAsync($"s{minute}", "DEMO01", minute);
        }

        Assert.Equal(["s0"], await Sessions.ReadEndedAsync(TimeSpan.FromMinutes(10), default));
    }

    [Fact]
    public async Task What_is_long_over_is_forgotten()
    {
        await OpenAsync("a", "DEMO01", 1);
        await OpenAsync("b", "DEMO01", 2);

        Assert.Equal(1, await Sessions.ForgetAsync(Session("b", "DEMO01", 2).EndsAt, default));

        Assert.Equal(["b"], (await ReadAsync("DEMO01")).Select(session => session.Id));
    }

    private static LoginSession Session(string id, string subject, int minute)
    {
        var since = Morning + TimeSpan.FromMinutes(minute);
        return new LoginSession(id, subject, "Firefox on Linux", "192.0.2.1", since, since, since + TimeSpan.FromHours(8));
    }

    private ValueTask<IReadOnlyList<string>?> OpenAsync(string id, string subject, int minute) => Sessions.OpenAsync(Session(id, subject, minute), Keep, default);

    private ValueTask<IReadOnlyList<LoginSession>> ReadAsync(string subject) => Sessions.ReadAsync(subject, Morning, default);
}

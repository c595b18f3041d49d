using Backup.Actor.Kernel.Sessions;
using Xunit;

namespace Backup.Journal.Conformance;

/// <summary>What every store of authenticators must do.</summary>
public abstract class AuthenticatorConformance
{
    private const string Subject = "DEMO01";
    private static readonly DateTimeOffset Morning = new(2026, 11, 20, 4, 0, 0, TimeSpan.Zero);
    private static readonly byte[] First = [1, 2, 3];
    private static readonly byte[] Second = [4, 5];

    protected abstract IAuthenticatorStore Authenticators { get; }

    [Fact]
    public async Task One_that_is_not_confirmed_is_replaced_and_takes_no_code()
    {
        Assert.Null(await Authenticators.FindAsync(Subject, default));
        Assert.True(await BeginAsync(First));
        Assert.False(await Authenticators.UseAsync(Subject, 100, default));
        Assert.True(await BeginAsync(Second));

        var found = (await Authenticators.FindAsync(Subject, default))!;

        Assert.Equal(Second, found.Secret.ToArray());
        Assert.Equal((Subject, Morning, false, false, 0L), (found.Subject, found.Since, found.IsConfirmed, found.IsSecondFactor, found.LastStep));
        Assert.Null(await Authenticators.FindAsync("DEMO02", default));
    }

    [Fact]
    public async Task One_is_confirmed_once_under_the_secret_that_was_shown_and_stays()
    {
        await BeginAsync(First);
        await BeginAsync(Second);

        Assert.False(await Authenticators.ConfirmAsync(Subject, First, true, 100, default));
        Assert.True(await Authenticators.ConfirmAsync(Subject, Second, true, 100, default));
        Assert.False(await Authenticators.ConfirmAsync(Subject, Second, false, 101, default));
        Assert.False(await BeginAsync(First));

        var found = (await Authenticators.FindAsync(Subject, default))!;
        Assert.Equal(Second, found.Secret.ToArray());
        Assert.Equal((true, true, 100L), (found.IsConfirmed, found.IsSecondFactor, found.LastStep));
    }

    [Fact]
    public async Task A_step_is_taken_once_and_none_before_it_afterwards()
    {
        await BeginAsync(First);
        await Authenticators.ConfirmAsync(Subject, First, false, 100, default);

        Assert.False(await Authenticators.UseAsync(Subject, 100, default));
        Assert.True(await Authenticators.UseAsync(Subject, 102, default));
        Assert.False(await Authenticators.UseAsync(Subject, 102, default));
        Assert.False(await Authenticators.UseAsync(Subject, 101, default));
        Assert.False(await Authenticators.UseAsync("DEMO02", 103, default));
        Assert.True(await Authenticators.UseAsync(Subject, 103, default));
    }

    [Fact]
    public async Task Of_one_step_at_once_one_is_taken()
    {
        await BeginAsync(First);
        await Authenticators.ConfirmAsync(Subject, First, false, 100, default);

        var taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Authenticators.UseAsync(Subject, 101, default).AsTask())));

        Assert.Single(taken, one => one);
    }

    [Fact]
    public async Task What_was_removed_is_gone_and_another_may_begin()
    {
        Assert.False(await Authenticators.RemoveAsync(Subject, default));
        await BeginAsync(First);
        await Authenticators.ConfirmAsync(Subject, First, false, 100, default);

        Assert.True(await Authenticators.RemoveAsync(Subject, default));

        Assert.Null(await Authenticators.FindAsync(Subject, default));
        Assert.True(await BeginAsync(Second));
        Assert.Equal(0, (await Authenticators.FindAsync(Subject, default))!.LastStep);
    }

    private ValueTask<bool> BeginAsync(byte[] secret) => Authenticators.BeginAsync(Subject, secret, Morning, default);
}

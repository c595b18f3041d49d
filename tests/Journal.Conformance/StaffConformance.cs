using Backup.Actor.Kernel.Sessions;
using Xunit;

namespace Backup.Journal.Conformance;

/// <summary>What every store of the house's own people must do.</summary>
public abstract class StaffConformance
{
    private static readonly DateTimeOffset Morning = new(2026, 11, 20, 4, 0, 0, TimeSpan.Zero);
    private static readonly StaffMember Asha = new("asha", "assisted-desk", "AQAAAAI=", Morning, false);

    protected abstract IStaffStore Staff { get; }

    [Fact]
    public async Task Whoever_was_added_is_found_as_he_was_added_and_listed_by_name()
    {
        var rao = new StaffMember("rao", "auditor", "AQ==", Morning.AddHours(1), true);
        Assert.Null(await Staff.FindAsync("asha", default));
        Assert.Empty(await Staff.ReadAsync(default));
        Assert.True(await Staff.AddAsync(rao, default));
        Assert.True(await Staff.AddAsync(Asha, default));

        Assert.Equal(Asha, await Staff.FindAsync("asha", default));
        Assert.Equal([Asha, rao], await Staff.ReadAsync(default));
        Assert.Null(await Staff.FindAsync("ASHA", default));
    }

    [Fact]
    public async Task A_name_is_given_once()
    {
        await Staff.AddAsync(Asha, default);
        await Staff.SetDisabledAsync("asha", true, default);

        Assert.False(await Staff.AddAsync(Asha with { Role = "operator", PasswordHash = "other" }, default));

        Assert.Equal(Asha with { IsDisabled = true }, await Staff.FindAsync("asha", default));
    }

    [Fact]
    public async Task Of_two_who_take_a_name_at_once_one_has_it()
    {
        var added = await Task.WhenAll(Enumerable.Range(0, 8).Select(one => Task.Run(() => Staff.AddAsync(Asha with { PasswordHash = $"{one}" }, default).AsTask())));

        Assert.Single(added, one => one);
        Assert.Equal($"{Array.IndexOf(added, true)}", (await Staff.FindAsync("asha", default))!.PasswordHash);
    }

    [Fact]
    public async Task A_password_and_the_leave_to_log_in_change_for_him_alone()
    {
        var rao = Asha with { Name = "rao" };
        await Staff.AddAsync(Asha, default);
        await Staff.AddAsync(rao, default);

        Assert.True(await Staff.SetPasswordAsync("asha", "new", default));
        Assert.True(await Staff.SetDisabledAsync("asha", true, default));
        Assert.Equal(Asha with { PasswordHash = "new", IsDisabled = true }, await Staff.FindAsync("asha", default));
        Assert.True(await Staff.SetDisabledAsync("asha", false, default));
        Assert.Equal([Asha with { PasswordHash = "new" }, rao], await Staff.ReadAsync(default));

        Assert.False(await Staff.SetPasswordAsync("nobody", "new", default));
        Assert.False(await Staff.SetDisabledAsync("nobody", true, default));
    }
}

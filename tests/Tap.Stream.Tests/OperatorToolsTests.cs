using System.Text.Json;
using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Tap.Stream.Tests;

/// <summary>What an operator can do with a session: see its frames, take all orders out, change the password; and what the exchange may ask of it.</summary>
public sealed class OperatorToolsTests : SessionFixture
{
    [Fact]
    public async Task A_capture_shows_both_directions_in_order_and_no_secret()
    {
        var (session, peer) = await OpenAsync();
        session.Offer(new TapTicket(Cm, "A", "1", TapPriority.Exit));
        var request = await Clock.RunUntilAsync(peer.ExpectAsync(TransactionCode.OrderEntry));
        await peer.SayAsync(peer.Confirm(request, 1100000000000007, 1, 6000));
        await Clock.RunUntilAsync(Desk.NextAsync());

        var frames = session.Captured;

        var codes = frames.Select(frame => JsonDocument.Parse(FrameDescriber.Describe(Convert.FromHexString(frame.Hex), Cm)).RootElement.GetProperty("code").GetInt32()).ToArray();
        Assert.Equal([23000, 23001, 2300, 2301, 1600, 1601, 7300, 7307, 7308, 7000, 7011, 7031, 7000, 7011, 7031, 20000, 20073], codes);
        Assert.Equal(["out", "in"], frames.Take(2).Select(frame => frame.Direction));
        var all = string.Concat(frames.Select(frame => frame.Hex));
        foreach (var secret in new[] { "Trade@26", "8BYTEKEY", "ABCDE1234F" })
        {
            Assert.DoesNotContain(Convert.ToHexStringLower(System.Text.Encoding.ASCII.GetBytes(secret)), all, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_capture_keeps_the_newest_frames_and_no_more_than_it_was_told()
    {
        var (session, _) = await OpenAsync(options => options with { CaptureFrames = 3 });

        Assert.Equal(3, session.Captured.Count);
        Assert.Contains("1b77", session.Captured[^1].Hex, StringComparison.Ordinal); // 7031

        var (none, _) = await OpenAsync(options => options with { CaptureFrames = 0 });
        Assert.Empty(none.Captured);
    }

    [Theory]
    [InlineData(0, true, "The exchange takes every open order of the user out of its book.")]
    [InlineData(16536, false, "The exchange refused: 16536 kill switch failed, try again.")]
    public async Task A_kill_switch_asks_for_every_order_of_the_user_and_tells_the_answer(short error, bool isDone, string words)
    {
        var (session, peer) = await OpenAsync();
        var killing = session.KillAsync(CancellationToken.None);
        var request = await Clock.RunUntilAsync(peer.ExpectAsync(TransactionCode.KillSwitch));
        Assert.Equal((40521, "", ""), (CmFullOrder.TraderId.Read(request), CmFullOrder.Symbol.Read(request), CmFullOrder.Series.Read(request)));
        MessageHeader.TransactionCode.Write(request, error == 0 ? TransactionCode.QuickCancelAnswer : TransactionCode.FullOrderRejected);
        MessageHeader.ErrorCode.Write(request, error);
        CmFullOrder.BuySell.Write(request, 1);
        await peer.SayAsync(request);

        Assert.Equal(new KillSwitchOutcome(isDone, words), await Clock.RunUntilAsync(killing));
        Assert.False(Desk.HasMore);
    }

    [Fact]
    public async Task A_kill_switch_without_a_session_or_an_answer_says_so()
    {
        var session = new TapSession(SessionTests.Options(), Desk, Clock, new Random(1), null, Exchange);
        Assert.Equal(new KillSwitchOutcome(false, "There is no session with the exchange to say it on."), await session.KillAsync(CancellationToken.None));

        var (open, peer) = await OpenAsync();
        var silent = open.KillAsync(CancellationToken.None);
        Assert.Equal("A kill switch is under way already.", (await open.KillAsync(CancellationToken.None)).Words);
        await Clock.RunUntilAsync(peer.ExpectAsync(TransactionCode.KillSwitch));
        Assert.Equal("The exchange did not answer in time. Look at the orders before trying again.", (await Clock.RunUntilAsync(silent)).Words);
    }

    [Theory]
    [InlineData(InvitationRule.Add, 3)]
    [InlineData(InvitationRule.Replace, 2)]
    public async Task Where_invitations_are_needed_orders_wait_for_them(InvitationRule rule, int allowed)
    {
        var (session, peer) = await OpenAsync(options => options with { Invitations = rule });
        await SayInvitationAsync(peer, 1);
        await SayInvitationAsync(peer, 2);
        await Clock.RunUntilAsync(UntilAsync(() => session.Status.Credit == allowed));
        for (var order = 0; order < 5; order++)
        {
            session.Offer(new TapTicket(Cm, "A", $"{order}", TapPriority.Exit));
        }

        for (var order = 0; order < allowed; order++)
        {
            await Clock.RunUntilAsync(peer.ExpectAsync(TransactionCode.OrderEntry));
        }

        await Clock.RunUntilAsync(UntilAsync(() => session.Status is { Credit: 0, SentInLastSecond: 0 }));
        Assert.Equal(5 - allowed, session.Status.Waiting);
        await SayInvitationAsync(peer, 10);
        await Clock.RunUntilAsync(peer.ExpectAsync(TransactionCode.OrderEntry));
    }

    [Fact]
    public async Task An_expired_password_is_changed_at_the_next_sign_on_and_used_from_then_on()
    {
        var session = Start(options => options with { NewPassword = "Other#27" });
        var first = await RefuseAsync(ExchangeError.PasswordExpired);
        Assert.Equal(("Trade@26", ""), (CmSignOnRequest.Password.Read(first), CmSignOnRequest.NewPassword.Read(first)));

        var peer = await ToSignOnAsync();
        var change = await Clock.RunUntilAsync(peer.ExpectAsync(TransactionCode.SignOnRequest));
        Assert.Equal(("Trade@26", "Other#27"), (CmSignOnRequest.Password.Read(change), CmSignOnRequest.NewPassword.Read(change)));
        await peer.SayAsync(Exchange.SignOnAnswer());
        await Clock.RunUntilAsync(peer.ExpectAsync(TransactionCode.SystemInformationRequest));
        peer.HangUp();

        var later = await ToSignOnAsync();
        var next = await Clock.RunUntilAsync(later.ExpectAsync(TransactionCode.SignOnRequest));
        Assert.Equal(("Other#27", ""), (CmSignOnRequest.Password.Read(next), CmSignOnRequest.NewPassword.Read(next)));
        Assert.DoesNotContain("Other#27", session.Status.LastBreak, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_password_is_followed_by_the_new_one_which_may_be_in_force_already()
    {
        var session = Start(options => options with { NewPassword = "Other#27" });
        await RefuseAsync(ExchangeError.SignOnDataWrong);
        await Clock.RunUntilAsync(UntilAsync(() => session.Status.LastBreak is not null));
        Assert.EndsWith("the next try uses the new password of the settings.", session.Status.LastBreak, StringComparison.Ordinal);

        // The reason is told before the wait begins: moved too soon, the clock would have to come to it in small steps.
        await UntilAsync(() => Clock.IsAwaited(TimeSpan.FromSeconds(30)));
        Clock.Advance(TimeSpan.FromSeconds(61));

        var peer = await ToSignOnAsync();
        Assert.Equal("Other#27", CmSignOnRequest.Password.Read(await Clock.RunUntilAsync(peer.ExpectAsync(TransactionCode.SignOnRequest))));
    }

    [Theory]
    [InlineData("short1@")]
    [InlineData("nouppe@1")]
    [InlineData("NoDigit@")]
    [InlineData("NoSpec12")]
    public void A_new_password_that_theExchange_would_refuse_is_refused_here_and_not_repeated(string password)
    {
        var refusal = Assert.Throws<ArgumentException>(() => (SessionTests.Options() with { NewPassword = password }).Checked());
        Assert.Contains("NewPassword", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(password, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_downloaded_message_that_cannot_be_read_is_told_and_leaves_a_hole_but_does_not_end_the_session()
    {
        var session = Start();
        var peer = await Clock.RunUntilAsync(Exchange.SignOnAsync());
        var damaged = ScriptedExchange.Bare(CmFullOrder.Layout, TransactionCode.FullOrderConfirmed);
        CmFullOrder.AccountNumber.Write(damaged, "A");
        CmFullOrder.BuySell.Write(damaged, 9);
        FullHeader.Stream.WriteNumber(damaged, 1);
        FullHeader.TimeStamp1.Write(damaged, 5000);
        await Clock.RunUntilAsync(peer.DownloadAsync(1, damaged));
        await Clock.RunUntilAsync(peer.DownloadAsync(2));

        Assert.Equal("recovered 1048576 with a hole", await Clock.RunUntilAsync(Desk.NextAsync()));
        Assert.Equal((1L, "stream 1 at 5000, code 2073: Expected side 1 or 2, found 9."), (session.Status.Unread, session.Status.LastUnread));
    }

    private static async Task SayInvitationAsync(Peer peer, short count)
    {
        var invitation = new byte[ShortInvitation.Layout.Size];
        ShortInvitation.TransactionCode.Write(invitation, TransactionCode.Invitation);
        ShortInvitation.InvitationCount.Write(invitation, count);
        await peer.SayAsync(invitation);
    }

    private async Task<Peer> ToSignOnAsync()
    {
        var peer = await Clock.RunUntilAsync(Exchange.RouteAsync());
        await Clock.RunUntilAsync(peer.ExpectAsync(TransactionCode.BoxSignOnRequest));
        await peer.SayAsync(ScriptedExchange.Bare(BoxSignOnResponse.Layout, TransactionCode.BoxSignOnResponse));
        return peer;
    }

    private async Task<byte[]> RefuseAsync(short error)
    {
        var peer = await ToSignOnAsync();
        var request = await Clock.RunUntilAsync(peer.ExpectAsync(TransactionCode.SignOnRequest));
        await peer.SayAsync(Exchange.SignOnRefusal(error));
        return request;
    }
}

using Backup.Account.Domain;
using Backup.Actor.Kernel.Entities;
using Backup.Actor.Kernel.Journal;
using Backup.Actor.Kernel.Regions;
using Backup.Cluster.Node.Accounts;
using Backup.Cluster.Node.Exchange;
using Backup.Exchange.Wire;
using Backup.Tap.Stream;
using Backup.Tests;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Backup.Cluster.Node.Tests;

public sealed class TapDeskTests
{
    private static readonly TapTicket Ticket = new(Segment.FuturesAndOptions, "DEMO01", "DEMO01-17", TapPriority.Cancel);

    /// <summary>
    /// Found by seed 3957 of the simulation: the link to the account's node broke while four cancels were being authorised. None of their intents was
    /// stored, the session began anew, and nobody remembered the tickets.
    /// </summary>
    [Fact]
    public async Task A_ticket_whose_authorisation_is_not_known_breaks_the_session_and_is_offered_again()
    {
        var clock = new ManualClock();
        var offers = new TapOffers(new PriceFollowers(), NullLogger<TapOffers>.Instance);
        var desk = new TapDesk(new LostLink(), new MemoryJournal(), offers, null!, null!, clock, NullLogger<TapDesk>.Instance);

        var broken = await Assert.ThrowsAsync<InvalidOperationException>(async () => await desk.AuthorizeAsync(Ticket, 1, TestContext.Current.CancellationToken));

        Assert.Contains("it is not known whether the intent of DEMO01-17 was journaled", broken.Message, StringComparison.Ordinal);
        Assert.Empty(offers.TakeElsewhere(10));
        clock.Advance(TimeSpan.FromSeconds(1));
        for (var i = 0; i < 1000 && offers.TakeElsewhere(10) is var waiting; i++)
        {
            if (waiting is [var ticket])
            {
                Assert.Equal(Ticket, ticket);
                return;
            }

            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        Assert.Fail("the ticket was forgotten");
    }

    /// <summary>The account's node does not answer any more.</summary>
    private sealed class LostLink : IEntityRegion<AccountCommand, AccountReply, AccountState>
    {
        public Task<AskResult<AccountReply>> AskAsync(string entityId, AccountCommand command, TimeSpan deadline, CancellationToken cancellationToken = default) =>
            Task.FromResult(new AskResult<AccountReply>(AskStatus.OutcomeUnknown, null, "node2#1 has been silent for 4 s"));

        public IAsyncEnumerable<WatchedView<AccountState>> WatchAsync(string entityId, long afterSequence, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}

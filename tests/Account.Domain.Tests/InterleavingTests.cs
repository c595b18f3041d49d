using System.Buffers;
using System.Text;
using Backup.Account.Domain.Journal;
using Xunit;

namespace Backup.Account.Domain.Tests;

/// <summary>
/// Any interleaving of commands, fills, cancels, late, repeated and reordered reports, lost links, recoveries and crashes.
/// A seed repeats a run exactly.
/// </summary>
public sealed class InterleavingTests
{
    private const int Runs = 8000;
    private const int Steps = 80;

    [Fact]
    public void No_interleaving_turns_a_position_round_or_sends_an_order_twice_or_counts_a_fill_twice()
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        for (ulong seed = 1; seed <= Runs; seed++)
        {
            var world = new World(seed);
            for (var step = 0; step < Steps; step++)
            {
                world.Step();
            }

            world.SettleAndCompare();
            foreach (var (name, count) in world.Seen)
            {
                seen[name] = seen.GetValueOrDefault(name) + count;
            }
        }

        // A run that never met its dangers proves nothing.
        foreach (var danger in new[] { "unknown", "absent", "found", "repeat", "reorder", "cancel-race", "crash", "foreign", "modify", "modify-race", "outage", "lost", "unprovable", "stop", "plan-waits", "reprice" })
        {
            Assert.True(seen.GetValueOrDefault(danger) > 50, $"danger \"{danger}\" was met {seen.GetValueOrDefault(danger)} times only");
        }
    }

    [Fact]
    public void A_replay_of_the_journal_gives_the_same_state_bit_for_bit()
    {
        for (ulong seed = 1; seed <= 100; seed++)
        {
            var world = new World(seed);
            for (var step = 0; step < Steps; step++)
            {
                world.Step();
            }

            var replayed = AccountDecider.Initial(Given.AccountId);
            foreach (var (recorded, at) in world.Book.Stored)
            {
                var buffer = new ArrayBufferWriter<byte>();
                var (type, version) = AccountEventCodec.Encode(recorded, buffer);
                replayed = AccountDecider.Evolve(replayed, AccountEventCodec.Decode(type, version, buffer.WrittenSpan)!, at);
            }

            Assert.Equal(Text(world.Book.State), Text(replayed));
        }
    }

    private static string Text(AccountState state)
    {
        var text = new StringBuilder();
        foreach (var position in state.Positions.Values)
        {
            text.Append(position).Append('\n');
        }

        foreach (var order in state.Orders.Values)
        {
            text.Append(order with { Trades = [] }).Append(' ').AppendJoin(';', order.Trades).Append('\n');
        }

        return text.Append(state.Version).Append(' ').AppendJoin(',', state.SeenTrades.Select(trade => trade.ToString()).Order(StringComparer.Ordinal)).ToString();
    }
}

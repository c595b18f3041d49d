using System.Net.Sockets;
using Backup.Exchange.Simulator.Hostile;
using Backup.Exchange.Simulator.Line;
using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Exchange.Simulator.Tests;

/// <summary>Whatever a member says, the exchange goes on: it answers, drops or ends the link, and its ledger stays readable.</summary>
public class HostileMemberTests : IAsyncDisposable
{
    private readonly Simulators _simulators = new();

    public async ValueTask DisposeAsync()
    {
        await _simulators.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData(Segment.CapitalMarket, 1)]
    [InlineData(Segment.FuturesAndOptions, 2)]
    public async Task Messages_of_every_structure_with_any_content_never_stop_the_exchange(Segment segment, int seed)
    {
        var host = await _simulators.StartAsync(settings => settings with { MessagesPerSecond = 100_000 });
        var random = new Random(seed);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        MemberLink? link = null;
        for (var n = 0; n < 10_000; n++)
        {
            if (link is null || !link.IsBoxOn || link.Users.Count == 0)
            {
                link?.Dispose();
                link = host.Floor.Arrive(segment, isRouter: false, socket);
                link.IsBoxOn = random.Next(20) > 0;
                link.Users.Add(TestMember.User);
            }

            var packet = TestMember.Packet(random.Next(2) == 0 ? Message(random) : AlmostGood(host, segment, random));
            host.Floor.Receive(link, FrameReadStatus.Frame, packet);
        }

        link!.Dispose();
        Assert.True(host.Floor.Look((_, _, ledger) => ledger.Last) > 10_000);
        Assert.NotEmpty(host.Floor.Look((_, book, _) => book.Orders.ToArray()));
        await host.DisposeAsync();
        var again = await _simulators.StartAsync();
        await using var member = await TestMember.SignOnAsync(again, segment);
        Assert.NotEmpty(await member.DownloadAsync(1));
    }

    [Theory]
    [InlineData(Segment.CapitalMarket, 3)]
    [InlineData(Segment.FuturesAndOptions, 4)]
    public async Task Nor_do_drills_that_meddle_at_the_same_time_and_a_restart_finds_the_same_book(Segment segment, int seed)
    {
        Func<Settings.SimulatorSettings, Settings.SimulatorSettings> with = settings => settings with
        {
            MessagesPerSecond = 100_000,
            FreezeApproval = true,
            FreezeLots = 1,
            Invitations = Settings.InvitationForm.Short,
        };
        var host = await _simulators.StartAsync(with);
        var random = new Random(seed);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        MemberLink? link = null;
        for (var n = 0; n < 5_000; n++)
        {
            if (link is null || !link.IsBoxOn || link.Users.Count == 0 || link.IsMuted)
            {
                link?.Dispose();
                link = host.Floor.Arrive(segment, isRouter: false, socket);
                link.IsBoxOn = true;
                link.Users.Add(TestMember.User);
            }

            host.Floor.Receive(link, FrameReadStatus.Frame, TestMember.Packet(AlmostGood(host, segment, random)));
            if (n % 20 == 0)
            {
                host.Floor.Drill((drills, now) => Meddle(drills, segment, random, now));
            }
        }

        link!.Dispose();
        host.Floor.Drill((drills, now) => drills.Outages.SetStream(segment, 0, isDown: false, now));
        var before = Book(host);
        Assert.NotEmpty(before);
        await host.DisposeAsync();
        Assert.Equal(before, Book(await _simulators.StartAsync(with)));
    }

    private static void Meddle(DrillDesk drills, Segment segment, Random random, DateTimeOffset now)
    {
        Segment? where = random.Next(2) == 0 ? null : segment;
        var kinds = Enum.GetValues<FaultKind>();
        switch (random.Next(20))
        {
            case 0:
                drills.Outages.SetStream(segment, (byte)random.Next(3), random.Next(2) == 0, now);
                break;
            case 1 when random.Next(5) == 0:
                drills.Outages.Move(segment, now);
                break;
            case 2:
                drills.Cancel(random.Next(2) == 0 ? null : "CLI0001", where, ExchangeError.SystemCancelled, now);
                break;
            case 3:
                drills.Freeze(random.Next(2) == 0, where, now);
                break;
            case 4:
                drills.SetLiquidity((Settings.LiquidityMode)random.Next(3), where, random.Next(5), now);
                break;
            case 5:
                drills.Hold(random.Next(2) == 0, now);
                break;
            case 6:
                drills.Swallow(random.Next(3), now);
                break;
            default:
                drills.Fault(kinds[random.Next(kinds.Length)], random.Next(4), where, (short)random.Next(1, 20_000), TimeSpan.FromMilliseconds(random.Next(20)), now);
                break;
        }
    }

    /// <summary>What a member could ask for: every order with its terms and its reference.</summary>
    private static string[] Book(SimulatorHost host) =>
    [
        .. host.Floor.Look((_, book, _) => book.Orders
            .OrderBy(order => order.Number)
            .Select(order => $"{order.Number} {order.IsOpen} {order.Volume} {order.Filled} {order.Price} {order.Book} {order.IsFrozen} {order.LastActivityReference} {order.LastModified}")
            .ToArray()),
    ];

    /// <summary>An order, or a cancel of one that exists, with up to two fields spoiled.</summary>
    private static byte[] AlmostGood(SimulatorHost host, Segment segment, Random random)
    {
        var orders = host.Floor.Look((_, book, _) => book.Orders.ToArray());
        var side = (BuySell)random.Next(1, 3);
        var message = random.Next(10) == 0 ? Orders.Stop(segment, side, 65, segment == Segment.CapitalMarket ? 152000 : 2600000, segment == Segment.CapitalMarket ? 152000 : 2600000)
            : orders.Length > 0 && random.Next(2) == 0 ? Change(segment, orders[random.Next(orders.Length)], random)
            : segment == Segment.CapitalMarket ? Orders.Cash(side, random.Next(1, 100), 152000 + (5 * random.Next(200))) : Orders.Future(side, random.Next(4) == 0 ? 130 : 65, 2600000);
        var layout = MessageCatalogue.Find(segment, MessageHeader.TransactionCode.Read(message), message.Length)!.Layout;
        for (var spoiled = random.Next(3); spoiled > 0; spoiled--)
        {
            var field = layout.Fields[random.Next(1, layout.Fields.Length)];
            random.NextBytes(message.AsSpan(field.Offset, field.Size));
        }

        return message;
    }

    private static byte[] Change(Segment segment, Book.ExchangeOrder order, Random random)
    {
        if (!order.Form.IsTrimmed)
        {
            var full = order.State(order.Remaining);
            MessageHeader.TransactionCode.Write(full, random.Next(2) == 0 ? TransactionCode.FullOrderCancel : TransactionCode.FullOrderModify);
            return full;
        }

        return random.Next(2) == 0
            ? Orders.Cancel(segment, order.State(order.Remaining))
            : Orders.Modify(segment, order.State(order.Remaining), order.Volume + (65 * random.Next(-1, 3)), order.Price);
    }

    private static byte[] Message(Random random)
    {
        var kind = MessageCatalogue.Messages[random.Next(MessageCatalogue.Messages.Length)];
        var message = new byte[Math.Min(kind.Layout.Size, 1002)];
        if (message.Length < kind.Layout.Size)
        {
            random.NextBytes(message);
            return message;
        }

        kind.Layout.Clear(message);
        foreach (var field in kind.Layout.Fields)
        {
            Set(message, field, random);
        }

        MessageHeader.TransactionCode.Write(message, random.Next(20) == 0 ? (short)random.Next(short.MinValue, short.MaxValue) : kind.Code);
        return random.Next(10) == 0 ? message[..random.Next(1, message.Length)] : message;
    }

    private static void Set(Span<byte> message, FieldInfo field, Random random)
    {
        var target = message.Slice(field.Offset, field.Size);
        if (field.Name is "TraderId" or "UserId" or "Hdr.TraderId")
        {
            new RawField(field.Offset, field.Size).WriteNumber(message, TestMember.User);
        }
        else if (random.Next(3) == 0)
        {
            random.NextBytes(target);
        }
        else if (field.Kind == FieldKind.Text)
        {
            new TextField(field.Offset, field.Size).Write(message, field.Name == "Symbol" ? "INFY" : field.Name == "Series" ? "EQ" : "A");
        }
        else if (field.Kind == FieldKind.Wide)
        {
            new DoubleInteger(field.Offset).Write(message, random.Next(1000));
        }
        else if (field.Size <= 8)
        {
            new RawField(field.Offset, field.Size).WriteNumber(message, field.Name == "TokenNo" ? 58072 : random.Next(3));
        }
    }
}

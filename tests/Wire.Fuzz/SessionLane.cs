using System.Buffers;
using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Ciphers;
using Backup.Exchange.Wire.Layouts;
using Backup.Tap.Stream;

namespace Backup.Wire.Fuzz;

/// <summary>The member's side as a running session has it: decoder, marks and state machine, fed by a hostile exchange.</summary>
internal sealed class SessionLane : IDisposable
{
    private static readonly TapSessionOptions Cash = new()
    {
        Segment = Segment.CapitalMarket,
        RouterHost = "exchange",
        RouterPort = 1,
        BoxId = 101,
        BrokerId = "90123",
        BranchId = 7,
        UserId = 40521,
        Password = "Trade@26",
        MessagesPerSecond = 40,
        FirstSessionEpoch = 1,
    };

    private readonly TapMemory _memory;
    private readonly InboundDecoder _decoder;
    private readonly TapSessionMachine _machine;
    private DateTimeOffset _now = DateTimeOffset.UnixEpoch;

    public SessionLane(LinkKeys keys, Chance chance, Action<string> seen)
    {
        var options = Cash with { Segment = chance.OneIn(2) ? Segment.CapitalMarket : Segment.FuturesAndOptions };
        var clock = TimeProvider.System;
        _memory = new TapMemory(
            options, null!, null!, clock, new TicketQueue(10), new SendPermits(10, TimeSpan.FromSeconds(1), clock), new StreamMarks(clock), new TapGauges(),
            new FrameCapture(options.Segment, 0, clock), new InvitationCredit(InvitationRule.Add), new Credentials(options.Password, ""),
            static (_, _) => { });
        _decoder = new InboundDecoder(_memory);
        _decoder.Begin(keys);
        _machine = new TapSessionMachine(options, _memory.Credentials, _memory.Marks.Mark);
        Seen = seen;
        Advance(keys, chance);
    }

    private Action<string> Seen { get; }

    /// <summary>Hands the bytes to the decoder and what it takes to the session. Returns how it ended.</summary>
    public InboundStatus Take(ref ReadOnlySequence<byte> buffer)
    {
        var status = _decoder.Decode(ref buffer);
        foreach (var inbound in _decoder.Taken)
        {
            _now += TimeSpan.FromMilliseconds(1);
            if (inbound.Report is not null)
            {
                Seen($"report{inbound.Report.Kind}");
                _memory.Marks.Applied(inbound.Mark!);
            }

            if (inbound.Control is { } message)
            {
                Seen(Name(_machine.Received(message, _now)));
            }
            else if (inbound.Report is null)
            {
                Seen("ignored");
            }

            _machine.Tick(_now, isReading: true);
        }

        return status;
    }

    public void Dispose() => _decoder.Dispose();

    private static string Name(TapStep step) => step switch
    {
        { Break: not null } => "sessionBreak",
        { Send: not null } => "sessionSend",
        { IsDownloaded: true } => "sessionDownloaded",
        _ => "sessionNothing",
    };

    /// <summary>Brings the session some steps into its login, so that every state meets hostile messages.</summary>
    private void Advance(LinkKeys keys, Chance chance)
    {
        var router = new byte[keys.ResponseLayout.Size];
        keys.ResponseLayout.Begin(router, TransactionCode.RouterResponse, 0);
        keys.Write(router);
        _machine.Start(_now);
        _machine.RouterAnswered(router, isProtected: true);
        _machine.GatewayConnected(_now);
        var isCash = _memory.Options.Segment == Segment.CapitalMarket;
        var answers = new List<(StructureLayout Layout, short Code)>
        {
            (BoxSignOnResponse.Layout, TransactionCode.BoxSignOnResponse),
            (isCash ? CmSignOnResponse.Layout : FoSignOn.Layout, TransactionCode.SignOnResponse),
            (isCash ? CmSystemInformation.Layout : FoSystemInformation.Layout, TransactionCode.SystemInformation),
            (LocalDatabaseMark.Layout, TransactionCode.LocalDatabaseTrailer),
        };
        Answer(BoxRegistrationResponse.Layout, TransactionCode.BoxRegistrationResponse, keys.Mode != LinkMode.Clear);
        for (int step = 0, steps = chance.Below(6); step < steps; step++)
        {
            if (step < answers.Count)
            {
                Answer(answers[step].Layout, answers[step].Code, isWanted: true);
            }
            else
            {
                // The settle delay passes and the download begins.
                _now += TimeSpan.FromSeconds(2);
                _machine.Tick(_now, isReading: true);
            }
        }
    }

    private void Answer(StructureLayout layout, short code, bool isWanted)
    {
        var message = new byte[layout.Size];
        layout.Begin(message, code, 0);
        MessageHeader.AlphaChar.Write(message, [2, 32]);
        if (isWanted)
        {
            _machine.Received(message, _now);
        }

        if (code == TransactionCode.BoxRegistrationResponse)
        {
            // Through the decoder, which starts its cipher at it.
            var packet = new byte[FrameReader.HeaderLength + layout.Size];
            FrameWriter.Write(packet, message);
            var buffer = new ReadOnlySequence<byte>(packet);
            _decoder.Decode(ref buffer);
        }
    }
}

using System.Collections.Immutable;
using System.Globalization;
using Backup.Exchange.Simulator.Hostile;
using Backup.Exchange.Simulator.Line;
using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Exchange.Simulator.Scripted;

/// <summary>Plays a script against whoever connects: says what it says and waits for what it expects.</summary>
public sealed class ScriptPlayer(Script script, ScriptedFloor floor, Segment segment, TimeProvider clock, CancellationToken stopping)
{
    /// <summary>How long a member may take for what is expected of him.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Dictionary<int, (byte[] Message, StructureLayout Layout)> _messages = [];
    private (byte[] Message, StructureLayout Layout, uint Sequence)? _last;
    private MemberLink? _link;
    private Damage _damage;

    /// <summary>Steps carried out so far; what is repeated counts every time.</summary>
    public int Steps { get; private set; }

    /// <exception cref="ScriptException">The member did something else.</exception>
    public Task PlayAsync() => PlayAsync(script.Steps);

    private async Task PlayAsync(ImmutableArray<ScriptStep> steps)
    {
        foreach (var step in steps)
        {
            if (step is ScriptStep.Repeat repeat)
            {
                for (var time = 0; time < repeat.Times; time++)
                {
                    await PlayAsync(repeat.Steps);
                }
            }
            else
            {
                await PlayAsync(step);
                Steps++;
            }
        }
    }

    private async Task PlayAsync(ScriptStep step)
    {
        switch (step)
        {
            case ScriptStep.Expect expect:
                await ExpectAsync(expect);
                break;
            case ScriptStep.Send send:
                Say(send.Line, send.Kind, ScriptAnswer.Blank(send.Kind), send.Fields, 0);
                break;
            case ScriptStep.Answer answer:
                var request = _last ?? throw script.Problem(answer.Line, "expected a message of the member to answer, found none yet");
                var message = ScriptAnswer.To(request.Message, request.Layout, answer.Kind, segment, clock.GetUtcNow());
                Say(answer.Line, answer.Kind, message, answer.Fields, request.Sequence);
                break;
            case ScriptStep.Login login:
                _link = await WithPatienceAsync(login.Line, "a whole login", token => floor.LoginAsync().WaitAsync(token));
                break;
            case ScriptStep.Wait wait:
                await Task.Delay(wait.Time, clock, stopping);
                break;
            case ScriptStep.Close close:
                Link(close.Line).Finish();
                break;
            case ScriptStep.Reset reset:
                Link(reset.Line).Break();
                break;
            default:
                _damage = Damage.TurnedBit;
                break;
        }
    }

    private async Task ExpectAsync(ScriptStep.Expect expect)
    {
        while (true)
        {
            var arrival = await WithPatienceAsync(expect.Line, expect.Name, token => floor.Arrivals.ReadAsync(token).AsTask());
            if (Passes(expect, arrival))
            {
                continue;
            }

            if (arrival.Packet.Length == 0)
            {
                return;
            }

            Take(expect, arrival);
            return;
        }
    }

    /// <summary>Heartbeats, and connections that end, are spoken of only by a script that waits for them.</summary>
    private static bool Passes(ScriptStep.Expect expect, Arrival arrival) => arrival.Packet.Length == 0
        ? expect.Name != Script.LinkClosed
        : arrival.Code == TransactionCode.Heartbeat && expect.Code != TransactionCode.Heartbeat;

    private void Take(ScriptStep.Expect expect, Arrival arrival)
    {
        if (arrival.Status != FrameReadStatus.Frame)
        {
            throw script.Problem(expect.Line, $"expected {expect.Name}, found a packet that is {arrival.Status}");
        }

        var kind = MessageCatalogue.Find(segment, arrival.Code, arrival.Message.Length);
        if (kind is null || kind.Code != expect.Code)
        {
            throw script.Problem(expect.Line, $"expected {expect.Name}, found {kind?.Name ?? "an unknown message"} (code {arrival.Code}, {arrival.Message.Length} bytes)");
        }

        foreach (var (name, value) in expect.Fields)
        {
            var field = FieldText.Find(kind.Layout, name)!;
            var wanted = Resolve(expect.Line, value);
            if (!FieldText.Matches(arrival.Message, field, wanted))
            {
                throw script.Problem(expect.Line, $"expected {expect.Name} with {name}={wanted}, found {name}={FieldText.Read(arrival.Message, field)}");
            }
        }

        floor.TakeOver(arrival.Link);
        _link = arrival.Link;
        _last = (arrival.Message.ToArray(), kind.Layout, PacketHeader.SequenceNumber.Read(arrival.Packet));
        _messages[expect.Line] = (_last.Value.Message, kind.Layout);
    }

    private void Say(int line, MessageKind kind, byte[] message, ImmutableArray<FieldValue> fields, uint sequence)
    {
        foreach (var (name, value) in fields)
        {
            var field = FieldText.Find(kind.Layout, name)!;
            var text = Resolve(line, value);
            if (!FieldText.TryWrite(message, field, text))
            {
                throw script.Problem(line, $"expected a value for {name} ({field.Kind}, {field.Size} bytes), found '{text}'");
            }
        }

        var packet = new byte[FrameReader.HeaderLength + message.Length];
        FrameWriter.Write(packet, message, sequence);
        Link(line).Send(packet, _damage);
        _damage = Damage.None;
        _messages[line] = (message, kind.Layout);
    }

    /// <summary>A value as it stands, or that of a field of an earlier line: $12.OrderNumber, $last.Volume.</summary>
    private string Resolve(int line, string value)
    {
        if (!value.StartsWith('$'))
        {
            return value;
        }

        var parts = value[1..].Split('.', 2);
        var source = parts[0] == "last" && _last is { } last ? (last.Message, last.Layout)
            : int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && _messages.TryGetValue(number, out var said) ? said
            : throw script.Problem(line, $"expected $last or $ and the number of a line whose message has come, found '{value}'");
        var field = parts.Length == 2 ? FieldText.Find(source.Layout, parts[1]) : null;
        return field is null
            ? throw script.Problem(line, $"expected a field of {source.Layout.Name}, found '{value}'")
            : FieldText.Read(source.Message, field);
    }

    private MemberLink Link(int line) => _link ?? throw script.Problem(line, "expected a connection, found none: nothing has come from a member yet");

    private async Task<T> WithPatienceAsync<T>(int line, string what, Func<CancellationToken, Task<T>> act)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        patience.CancelAfter(Patience);
        try
        {
            return await act(patience.Token);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            throw script.Problem(line, $"expected {what}, found nothing within {Patience.TotalSeconds:0} s");
        }
    }
}

using System.Buffers;
using System.IO.Pipelines;
using Backup.Cluster.Simulation.Time;
using Backup.Exchange.Simulator;
using Backup.Exchange.Simulator.Line;
using Backup.Exchange.Wire;
using Backup.Tap.Stream;

namespace Backup.Cluster.Simulation.Exchange;

/// <summary>What happens to bytes between a node and the exchange, in each direction.</summary>
internal sealed class WireState
{
    /// <summary>Bytes to the exchange wait, as TCP keeps them through a partition; they arrive when it heals, also those of a dead process.</summary>
    internal bool IsStalledTo { get; set; }

    internal bool IsStalledFrom { get; set; }
}

/// <summary>One TCP connection between a node and the exchange: two pipes, with the network between them.</summary>
/// <remarks>The node's end is used by the node's process; everything else here are steps of the exchange's.</remarks>
internal sealed class ExchangeLine : ITapLine
{
    private static readonly PipeOptions Plain = new(
        readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, pauseWriterThreshold: 0, resumeWriterThreshold: 0, useSynchronizationContext: true);

    /// <summary>TCP_USER_TIMEOUT as the kernel keeps it (RELIABILITY A8).</summary>
    private static readonly TimeSpan UserTimeout = TimeSpan.FromSeconds(3.4);

    private readonly Pipe _up = new(Plain);
    private readonly Pipe _down = new(Plain);
    private readonly SimScheduler _scheduler;
    private readonly WireState _wire;
    private readonly Dice _dice;
    private readonly ExchangeFloor _floor;
    private readonly MemberLink _link;
    private readonly FrameReader _frames = new();
    private readonly Queue<byte[]> _underWay = new();
    private readonly Queue<byte[]> _back = new();
    private byte[] _unread = [];
    private long _arrivesAt;
    private long _returnsAt;
    private long _stalledSince = -1;
    private bool _isClosed;
    private bool _hasLeft;

    internal ExchangeLine(SimScheduler scheduler, WireState wire, Dice dice, ExchangeFloor floor, MemberLink link, SimProcess exchange)
    {
        (_scheduler, _wire, _dice, _floor, _link) = (scheduler, wire, dice, floor, link);
        exchange.Start(PumpAsync);
    }

    public PipeReader Input => _down.Reader;

    public PipeWriter Output => _up.Writer;

    internal bool IsOver => _hasLeft && _isClosed;

    /// <summary>The node closes, or its kernel does because its process died: what it has written is still on its way.</summary>
    public void Close()
    {
        if (!_isClosed)
        {
            _isClosed = true;
            _up.Reader.CancelPendingRead();
            _down.Writer.Complete();
        }
    }

    /// <summary>The exchange's packets set out; and what stalled for too long ends the connection at the node's end.</summary>
    internal void Tick()
    {
        while (_link.TryTake(out var packet))
        {
            _back.Enqueue(packet);
            _returnsAt = Math.Max(_returnsAt, _scheduler.Now + _dice.Between(0.2, 3).Ticks);
            _scheduler.After(TimeSpan.FromTicks(_returnsAt - _scheduler.Now), Return);
        }

        if (_link.IsFinished && _back.Count == 0 && !_isClosed)
        {
            // The exchange's end has closed.
            Close();
            Leave();
        }

        var stalls = _wire.IsStalledTo && _underWay.Count > 0;
        _stalledSince = !stalls ? -1 : _stalledSince < 0 ? _scheduler.Now : _stalledSince;
        if (_stalledSince >= 0 && !_isClosed && _scheduler.Now - _stalledSince > UserTimeout.Ticks)
        {
            _isClosed = true;
            _up.Reader.CancelPendingRead();
            _down.Writer.Complete(new IOException("no acknowledgement for too long"));
        }

        if (!_wire.IsStalledTo)
        {
            Arrive();
        }

        if (!_wire.IsStalledFrom)
        {
            Return();
        }
    }

    /// <summary>Takes what the node writes, until it closes.</summary>
    private async Task PumpAsync()
    {
        while (true)
        {
            var result = await _up.Reader.ReadAsync();
            if (!result.Buffer.IsEmpty)
            {
                _underWay.Enqueue(result.Buffer.ToArray());
                _arrivesAt = Math.Max(_arrivesAt, _scheduler.Now + _dice.Between(0.2, 3).Ticks);
                _scheduler.After(TimeSpan.FromTicks(_arrivesAt - _scheduler.Now), Arrive);
            }

            _up.Reader.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted || _isClosed)
            {
                _up.Reader.Complete();
                _underWay.Enqueue([]);
                _scheduler.After(_dice.Between(0.2, 3), Arrive);
                return;
            }
        }
    }

    private void Arrive()
    {
        while (!_wire.IsStalledTo && _scheduler.Now >= _arrivesAt && _underWay.TryDequeue(out var bytes))
        {
            if (bytes.Length == 0)
            {
                Leave();
            }
            else if (!_hasLeft)
            {
                Read([.. _unread, .. bytes]);
            }
        }
    }

    private void Read(byte[] bytes)
    {
        var buffer = new ReadOnlySequence<byte>(bytes);
        while (true)
        {
            var status = _frames.TryRead(ref buffer, out var frame);
            if (status == FrameReadStatus.NeedMoreData || _link.IsClosed)
            {
                break;
            }

            _floor.Receive(_link, status, status == FrameReadStatus.Malformed ? buffer.Slice(0, Math.Min(buffer.Length, 64)).ToArray() : frame.Packet.ToArray());
            if (status == FrameReadStatus.Malformed)
            {
                break;
            }
        }

        _unread = buffer.ToArray();
    }

    private void Return()
    {
        var some = false;
        while (!_wire.IsStalledFrom && _scheduler.Now >= _returnsAt && _back.TryDequeue(out var packet))
        {
            if (!_isClosed)
            {
                _down.Writer.Write(packet);
                some = true;
            }
        }

        if (some)
        {
            _ = FlushAsync();
        }
    }

    private async Task FlushAsync() => await _down.Writer.FlushAsync();

    private void Leave()
    {
        if (!_hasLeft)
        {
            _hasLeft = true;
            _link.Break();
            _floor.Leave(_link);
        }
    }
}

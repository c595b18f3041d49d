using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Backup.Exchange.Simulator.Line;
using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Exchange.Simulator.Scripted;

/// <summary>What reached a scripted gateway. Without a packet: the member has ended the connection.</summary>
public sealed record Arrival(MemberLink Link, FrameReadStatus Status, byte[] Packet)
{
    public ReadOnlySpan<byte> Message => Packet.AsSpan(Math.Min(FrameReader.HeaderLength, Packet.Length));

    public short Code => Message.Length < 2 ? (short)0 : MessageHeader.TransactionCode.Read(Message);
}

/// <summary>Hands the messages of one segment to a script, and those of the other, and of logins that the script leaves to it, to an honest floor.</summary>
public sealed class ScriptedFloor(ExchangeFloor honest, Segment scripted) : ILineFloor
{
    private readonly Lock _gate = new();
    private readonly Channel<Arrival> _arrivals = Channel.CreateUnbounded<Arrival>();
    private TaskCompletionSource<MemberLink>? _login;
    private MemberLink? _signedOn;

    public ChannelReader<Arrival> Arrivals => _arrivals.Reader;

    public void Opened(Segment segment, IPEndPoint gateway) => honest.Opened(segment, gateway);

    public MemberLink Arrive(Segment segment, bool isRouter, Socket? socket) => honest.Arrive(segment, isRouter, socket);

    public void Receive(MemberLink link, FrameReadStatus status, ReadOnlyMemory<byte> packet)
    {
        if (link.Segment != scripted)
        {
            honest.Receive(link, status, packet);
            return;
        }

        lock (_gate)
        {
            Take(new Arrival(link, status, packet.ToArray()));
        }
    }

    public void Leave(MemberLink link)
    {
        honest.Leave(link);
        if (link.Segment == scripted && !link.IsRouter)
        {
            lock (_gate)
            {
                if (_login is null)
                {
                    _arrivals.Writer.TryWrite(new Arrival(link, FrameReadStatus.NeedMoreData, []));
                }
            }
        }
    }

    /// <summary>The honest floor signs the member on. Done when he has downloaded the last stream, or says something that is no part of a login.</summary>
    public Task<MemberLink> LoginAsync()
    {
        lock (_gate)
        {
            var login = _login = new TaskCompletionSource<MemberLink>(TaskCreationOptions.RunContinuationsAsynchronously);
            _signedOn = null;

            // What a member who came back said before the script got here belongs to the login.
            var waiting = new List<Arrival>();
            while (_arrivals.Reader.TryRead(out var arrival))
            {
                waiting.Add(arrival);
            }

            waiting.Where(arrival => arrival.Packet.Length > 0).ToList().ForEach(Take);
            return login.Task;
        }
    }

    /// <summary>From now on the script alone speaks on this connection: the honest floor says no heartbeats and cancels nothing.</summary>
    public void TakeOver(MemberLink link) => honest.Release(link);

    private void Take(Arrival arrival)
    {
        if (_login is null || !IsLogin(arrival))
        {
            EndLogin(arrival.Link);
            _arrivals.Writer.TryWrite(arrival);
            return;
        }

        honest.Receive(arrival.Link, arrival.Status, arrival.Packet);
        if (arrival.Code == TransactionCode.SignOnRequest && arrival.Link.Users.Count > 0)
        {
            _signedOn = arrival.Link;
        }
        else if (arrival.Code == TransactionCode.DownloadRequest && MessageHeader.AlphaChar.Read(arrival.Message)[0] == honest.Streams)
        {
            EndLogin(arrival.Link);
        }
    }

    private void EndLogin(MemberLink link)
    {
        if (_login is { } login && (_signedOn ?? link) == link)
        {
            _login = null;
            honest.Release(link);
            login.TrySetResult(link);
        }
    }

    private static bool IsLogin(Arrival arrival) => arrival.Status == FrameReadStatus.Frame
        && arrival.Code is TransactionCode.RouterRequest or TransactionCode.BoxRegistrationRequest or TransactionCode.BoxSignOnRequest
            or TransactionCode.SignOnRequest or TransactionCode.SystemInformationRequest or TransactionCode.UpdateLocalDatabase
            or TransactionCode.DownloadRequest or TransactionCode.Heartbeat;
}

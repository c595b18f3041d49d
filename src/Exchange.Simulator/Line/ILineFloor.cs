using System.Net;
using System.Net.Sockets;
using Backup.Exchange.Wire;

namespace Backup.Exchange.Simulator.Line;

/// <summary>Who decides what becomes of members' connections and messages: the honest floor, or a script.</summary>
public interface ILineFloor
{
    /// <summary>A gateway listens here.</summary>
    void Opened(Segment segment, IPEndPoint gateway);

    MemberLink Arrive(Segment segment, bool isRouter, Socket? socket);

    /// <summary>One frame of one member.</summary>
    void Receive(MemberLink link, FrameReadStatus status, ReadOnlyMemory<byte> packet);

    void Leave(MemberLink link);
}

using Backup.Actor.Kernel.Cluster;

namespace Backup.Actor.Kernel.Links;

/// <summary>A connection between two nodes that carries whole frames, in order, or breaks.</summary>
/// <remarks>One caller of each method at a time; the two may run beside each other.</remarks>
public interface ILinkConnection : IAsyncDisposable
{
    /// <summary>Returns when the connection has taken the bytes; they are the caller's again then.</summary>
    /// <exception cref="IOException">The connection is broken.</exception>
    ValueTask SendAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellationToken);

    /// <summary>The next frame, or null when the other side has closed. The bytes are good until the next call.</summary>
    /// <exception cref="IOException">The connection is broken, or the frame is larger than a frame may be.</exception>
    ValueTask<ReadOnlyMemory<byte>?> ReceiveAsync(CancellationToken cancellationToken);
}

/// <summary>Opens connections to other members.</summary>
public interface ILinkDialer
{
    /// <summary>Connects to a member as <paramref name="self"/>; the other side has let this node in when it returns.</summary>
    /// <exception cref="IOException">It could not be reached, or did not let this node in; the message says which.</exception>
    ValueTask<ILinkConnection> DialAsync(NodeId self, Member peer, CancellationToken cancellationToken);
}

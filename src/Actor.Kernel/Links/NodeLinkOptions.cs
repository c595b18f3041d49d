namespace Backup.Actor.Kernel.Links;

/// <summary>The limits of a link between two nodes. Both ends should have the same.</summary>
public sealed record NodeLinkOptions
{
    /// <summary>Bytes that may wait to be sent; beyond it a question is not sent. A single answer may go beyond it.</summary>
    public int WaitingBytesMax { get; init; } = 4 * 1024 * 1024;

    /// <summary>Questions of the other node that may be under way here; beyond it they are refused.</summary>
    public int ServingMax { get; init; } = 4096;

    /// <summary>The largest frame that is taken.</summary>
    public int FrameBytesMax { get; init; } = 32 * 1024 * 1024;

    /// <summary>How often the other node is pinged.</summary>
    public TimeSpan PingEvery { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Silence after which the link does not count as working. A new link works from its first pong.</summary>
    public TimeSpan WorksWithin { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Silence after which the link is broken off: its questions are lost.</summary>
    public TimeSpan SilenceMax { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>How long before a connection that failed is tried again; doubled at each failure in a row up to <see cref="RedialMax"/>.</summary>
    public TimeSpan RedialAfter { get; init; } = TimeSpan.FromMilliseconds(100);

    public TimeSpan RedialMax { get; init; } = TimeSpan.FromSeconds(2);
}

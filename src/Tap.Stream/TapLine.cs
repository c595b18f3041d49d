using System.IO.Pipelines;

namespace Backup.Tap.Stream;

/// <summary>An open connection to the exchange, as two pipes.</summary>
public interface ITapLine : IDuplexPipe
{
    /// <summary>Nobody on the way can read it, and the other end has shown a certificate of the exchange.</summary>
    bool IsProtected => false;

    /// <summary>Closes at once; both pipes end. May be called more than once, from anywhere.</summary>
    void Close();
}

/// <summary>Opens connections. The product dials TCP; a simulated cluster hands out pipes.</summary>
public interface ITapDial
{
    ValueTask<ITapLine> DialAsync(string host, int port, CancellationToken cancellationToken);

    /// <summary>Opens the line to the Gateway Router, which hands out keys (NSE-TAP.md 2.2).</summary>
    /// <exception cref="IOException">The line could not be opened; the text says why and, where a setting is wrong, which.</exception>
    ValueTask<ITapLine> DialRouterAsync(string host, int port, CancellationToken cancellationToken) => DialAsync(host, port, cancellationToken);
}

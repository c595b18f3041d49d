using System.Net.WebSockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Backup.Cluster.Node.Links;

/// <summary>Where the certificates of a node's links are, in PEM. All of them or none.</summary>
/// <param name="Certificate">This node's.</param>
/// <param name="Key">Of that certificate, unencrypted.</param>
/// <param name="Authority">Who signs the nodes' certificates.</param>
public sealed record LinkTlsFiles(string Certificate, string Key, string Authority)
{
    /// <summary>Whether the links are to speak TLS.</summary>
    internal bool IsWanted => Certificate.Length > 0;
}

/// <summary>
/// TLS 1.3 between nodes: each shows a certificate of the cluster's own authority and takes no other. Who the other node is, the handshake after it says
/// (<see cref="LinkHandshake"/>): so a certificate need name no address, and one that leaks opens nothing without the cluster's secret.
/// </summary>
/// <remarks>Read once, at the start. Safe for threads.</remarks>
internal sealed class LinkTls : IDisposable
{
    private static readonly TimeSpan ExpiresSoon = TimeSpan.FromDays(30);
    private readonly X509Certificate2 _own;
    private readonly X509Certificate2Collection _authority;
    private readonly TimeProvider _clock;

    private LinkTls(X509Certificate2 own, X509Certificate2Collection authority, TimeProvider clock) => (_own, _authority, _clock) = (own, authority, clock);

    /// <summary>A warning for the operator; null: the certificate is good for a while.</summary>
    internal string? Warning => _own.NotAfter.ToUniversalTime() - _clock.GetUtcNow() < ExpiresSoon
        ? $"the certificate of this node's links ends on {_own.NotAfter.ToUniversalTime():yyyy-MM-dd HH:mm} UTC; put a new one in its place and restart the node"
        : null;

    /// <exception cref="InvalidDataException">A file cannot be read, holds something else, or does not go with the others.</exception>
    internal static LinkTls Load(LinkTlsFiles files, TimeProvider clock)
    {
        var authority = new X509Certificate2Collection();
        Read(files.Authority, "the certificate in PEM of who signs the nodes' certificates", () => authority.ImportFromPemFile(files.Authority));
        if (authority.Count == 0)
        {
            throw new InvalidDataException($"{files.Authority}: expected the certificate in PEM of who signs the nodes' certificates, found none");
        }

        X509Certificate2? own = null;
        Read(
            files.Certificate, $"a certificate in PEM, and its unencrypted key in {files.Key}",
            () => own = X509Certificate2.CreateFromPemFile(files.Certificate, files.Key));
        var tls = new LinkTls(own!, authority, clock);
        if (tls.WhyNot(own!) is { } wrong)
        {
            tls.Dispose();
            throw new InvalidDataException($"{files.Certificate}: expected a certificate that is good now and signed by {files.Authority}; found one of which is said: {wrong}");
        }

        return tls;
    }

    /// <summary>Takes links over TLS only, and only of nodes.</summary>
    internal void Secure(ListenOptions listen) => listen.UseHttps(new HttpsConnectionAdapterOptions
    {
        ServerCertificate = _own,
        SslProtocols = SslProtocols.Tls13,
        ClientCertificateMode = ClientCertificateMode.RequireCertificate,
        ClientCertificateValidation = (shown, _, _) => WhyNot(shown) is null,
    });

    /// <summary>Shows who we are, and takes nobody else for a node.</summary>
    internal void Secure(ClientWebSocketOptions socket)
    {
        socket.ClientCertificates.Add(_own);
        socket.RemoteCertificateValidationCallback = (_, shown, _, _) => shown is X509Certificate2 certificate && WhyNot(certificate) is null;
    }

    public void Dispose()
    {
        _own.Dispose();
        foreach (var certificate in _authority)
        {
            certificate.Dispose();
        }
    }

    private static void Read(string path, string expected, Action read)
    {
        try
        {
            read();
        }
        catch (Exception unreadable) when (unreadable is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"{path}: expected {expected}; found: {unreadable.Message}", unreadable);
        }
    }

    /// <summary>Why a certificate is not one of this cluster's nodes; null when it is.</summary>
    private string? WhyNot(X509Certificate2 shown)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = _clock.GetUtcNow().UtcDateTime;
        return chain.Build(shown) ? null : string.Join("; ", chain.ChainStatus.Select(static status => status.StatusInformation).Distinct());
    }
}

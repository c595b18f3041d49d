using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Backup.Tests;

/// <summary>An authority of a cluster's own, and certificates of its nodes, as PEM files in a folder.</summary>
internal sealed class NodeCertificates : IDisposable
{
    private readonly string _folder;
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _authority;

    /// <param name="name">Of its files, so that a folder can hold two.</param>
    internal NodeCertificates(string folder, string name = "authority")
    {
        _folder = folder;
        var request = new CertificateRequest($"CN={name}", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        _authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddYears(-2), DateTimeOffset.UtcNow.AddYears(10));
        AuthorityFile = Write($"{name}.pem", _authority.ExportCertificatePem());
    }

    internal string AuthorityFile { get; }

    /// <returns>The certificate's file, and its key's.</returns>
    internal (string Certificate, string Key) Make(string node, DateTimeOffset? until = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest($"CN={node}", key, HashAlgorithmName.SHA256)
            .Create(_authority, DateTimeOffset.UtcNow.AddYears(-1), until ?? DateTimeOffset.UtcNow.AddYears(1), RandomNumberGenerator.GetBytes(8));
        return (Write($"{node}.pem", certificate.ExportCertificatePem()), Write($"{node}.key", key.ExportPkcs8PrivateKeyPem()));
    }

    public void Dispose()
    {
        _authority.Dispose();
        _key.Dispose();
    }

    private string Write(string name, string pem)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, pem + "\n");
        return path;
    }
}

using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Backup.Exchange.Simulator.Line;

/// <summary>The router's TLS certificate and the CA behind it, made here: members are given the CA file, as the real exchange does (NSE-TAP.md 2.2).</summary>
internal static class RouterCertificate
{
    /// <summary>What members put into <c>tap.router-ca-file</c>.</summary>
    public const string CaFile = "gr_ca_cert1.pem";

    private const string CaKeyFile = "gr_ca_key1.pem";

    /// <summary>A certificate for this run; the CA stays the same as long as the folder does.</summary>
    public static X509Certificate2 Prepare(string folder, IPAddress listen)
    {
        // Certificates are good by the calendar of the machine, whatever clock the exchange runs on.
        var now = DateTimeOffset.UtcNow;
        using var ca = Load(folder, now) ?? Create(folder, now);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Gateway Router", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        foreach (var address in Reachable(listen).Append(IPAddress.Loopback).Distinct())
        {
            names.AddIpAddress(address);
        }

        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(ca, now.AddDays(-1), ca.NotAfter, RandomNumberGenerator.GetBytes(16));
        return certificate.CopyWithPrivateKey(key);
    }

    /// <summary>Where members find a router that listens here: the certificate must name it.</summary>
    private static IEnumerable<IPAddress> Reachable(IPAddress listen) => !listen.Equals(IPAddress.Any)
        ? [listen]
        : NetworkInterface.GetAllNetworkInterfaces()
            .SelectMany(one => one.GetIPProperties().UnicastAddresses)
            .Select(one => one.Address)
            .Where(address => address.AddressFamily == AddressFamily.InterNetwork);

    private static X509Certificate2? Load(string folder, DateTimeOffset now)
    {
        try
        {
            var ca = X509Certificate2.CreateFromPemFile(Path.Combine(folder, CaFile), Path.Combine(folder, CaKeyFile));
            return ca.NotAfter > now.LocalDateTime.AddDays(30) ? ca : null;
        }
        catch (Exception failure) when (failure is IOException or CryptographicException)
        {
            // None yet, or not one of ours: a new one takes its place.
            return null;
        }
    }

    private static X509Certificate2 Create(string folder, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Exchange Simulator CA", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        var ca = request.CreateSelfSigned(now.AddDays(-1), now.AddYears(10));
        Directory.CreateDirectory(folder);
        var keyPath = Path.Combine(folder, CaKeyFile);
        File.Delete(keyPath);
        var ownerOnly = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using (var writer = new StreamWriter(keyPath, ownerOnly))
        {
            writer.WriteLine(key.ExportPkcs8PrivateKeyPem());
        }

        File.WriteAllText(Path.Combine(folder, CaFile), ca.ExportCertificatePem() + "\n");
        return ca;
    }
}

using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Backup.Tap.Stream;

/// <summary>TLS 1.3 to the Gateway Router, trusting the exchange's CA file and nothing else (NSE-TAP.md 2.2). Every refusal says what to do about it.</summary>
internal static class RouterTls
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string Setting = "tap.router-ca-file";

    /// <exception cref="IOException">The file is missing or holds no certificate.</exception>
    public static X509Certificate2Collection Load(string caFile)
    {
        var trusted = new X509Certificate2Collection();
        try
        {
            trusted.ImportFromPemFile(caFile);
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new IOException($"the file \"{caFile}\" ({Setting}) does not exist; put the exchange's CA file (gr_ca_cert1.pem) there", failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new IOException($"the file \"{caFile}\" ({Setting}) cannot be used ({failure.Message}); put the exchange's CA file (gr_ca_cert1.pem) there", failure);
        }

        return trusted.Count > 0
            ? trusted
            : throw new IOException($"the file \"{caFile}\" ({Setting}) holds no certificate in PEM form; put the exchange's CA file (gr_ca_cert1.pem) there");
    }

    /// <summary>Puts TLS over an open connection, which it owns from then on.</summary>
    /// <exception cref="IOException">The other end does not speak TLS 1.3 or is not the exchange.</exception>
    public static async ValueTask<SslStream> OpenAsync(
        System.IO.Stream connection, string host, X509Certificate2Collection trusted, string caFile, bool checksHostName, CancellationToken cancellationToken)
    {
        string? refusal = null;
        var secured = new SslStream(connection, leaveInnerStreamOpen: false);
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = host,
            EnabledSslProtocols = SslProtocols.Tls13,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            RemoteCertificateValidationCallback = (_, certificate, presented, errors) =>
            {
                refusal = Judge(certificate as X509Certificate2, presented, errors, trusted, caFile, checksHostName ? host : null);
                return refusal is null;
            },
        };
        try
        {
            await secured.AuthenticateAsClientAsync(options, cancellationToken);
            return secured;
        }
        catch (Exception failure) when (failure is AuthenticationException or IOException)
        {
            await secured.DisposeAsync();
            throw new IOException(
                refusal ?? $"the Gateway Router did not agree to TLS 1.3 ({failure.Message}); if its line is plain TCP, leave {Setting} empty", failure);
        }
        catch
        {
            await secured.DisposeAsync();
            throw;
        }
    }

    /// <summary>Null when the certificate is good, otherwise why not. The chain is checked; the host name only on wish, as in the exchange's sample.</summary>
    private static string? Judge(
        X509Certificate2? certificate, X509Chain? presented, SslPolicyErrors errors, X509Certificate2Collection trusted, string caFile, string? host)
    {
        if (certificate is null)
        {
            return "the Gateway Router showed no certificate";
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(trusted);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
        if (presented is not null)
        {
            chain.ChainPolicy.ExtraStore.AddRange(presented.ChainPolicy.ExtraStore);
        }

        if (!chain.Build(certificate))
        {
            var why = string.Join("; ", chain.ChainStatus.Select(status => status.Status.ToString()).Distinct(StringComparer.Ordinal));
            return $"the Gateway Router's certificate ({certificate.Subject}, issued by {certificate.Issuer}) is not good under the CA file \"{caFile}\" ({why}); "
                + $"put the CA file that the exchange issued for this router there ({Setting})";
        }

        return host is not null && errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)
            ? $"the Gateway Router's certificate ({certificate.Subject}) is not made out to {host}; correct the router's host, or set tap.router-check-host-name = false"
            : null;
    }
}

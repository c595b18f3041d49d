using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Backup.Drills.Cluster;
using Backup.Tests;

namespace Backup.Drills.Edge;

/// <summary>The configurations of <c>deploy/</c>, started as they ship; only addresses and files are this machine's.</summary>
internal sealed class Edges(Stack stack) : IAsyncDisposable
{
    internal const string Denied = "127.0.0.66";
    internal const string Known = "127.0.0.77";

    /// <summary>Of the certificate that both are given.</summary>
    internal const string Subject = "CN=backup.example";

    private readonly List<ManagedProcess> _processes = [];
    private readonly int _inside = FreePorts.Next();

    internal Uri HaProxy { get; } = new($"https://127.0.0.1:{FreePorts.Next()}");

    internal Uri HaProxyPlain { get; } = new($"http://127.0.0.1:{FreePorts.Next()}");

    internal Uri Nginx { get; } = new($"https://127.0.0.1:{FreePorts.Next()}");

    internal Uri NginxPlain { get; } = new($"http://127.0.0.1:{FreePorts.Next()}");

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            await process.DisposeAsync();
        }
    }

    internal async Task StartAsync()
    {
        var folder = Path.Combine(stack.Folder, "edge");
        Directory.CreateDirectory(folder);
        await WriteCertificateAsync(Path.Combine(folder, "edge.pem"));
        await WriteListsAsync(folder);
        await StartHaProxyAsync(folder);
        await StartNginxAsync(folder);
    }

    private async Task StartHaProxyAsync(string folder)
    {
        foreach (var (name, value) in new[]
        {
            ("PAGE", $"127.0.0.1:{_inside}"), ("EDGE", $"127.0.0.1:{HaProxy.Port}"), ("EDGE_PLAIN", $"127.0.0.1:{HaProxyPlain.Port}"),
            ("EDGE_CERTIFICATE", Path.Combine(folder, "edge.pem")), ("EDGE_LISTS", folder),

            // The first of three nodes is there; the others are not.
            ("NODE1", $"127.0.0.1:{stack.GatewayPort}"), ("NODE2", $"127.0.0.1:{FreePorts.Next()}"), ("NODE3", $"127.0.0.1:{FreePorts.Next()}"),
        })
        {
            Environment.SetEnvironmentVariable(name, value);
        }

        await RunAsync("haproxy", ["-db", "-f", Deploy("haproxy.cfg"), "-f", Deploy("haproxy-edge.cfg")], HaProxy.Port);
    }

    private async Task StartNginxAsync(string folder)
    {
        var text = await File.ReadAllTextAsync(Deploy("nginx.conf"));
        foreach (var (shipped, here) in new[]
        {
            ("server 127.0.0.1:8088;", $"server 127.0.0.1:{_inside};"), ("listen 80;", $"listen 127.0.0.1:{NginxPlain.Port};"),
            ("listen 443 ssl http2;", $"listen 127.0.0.1:{Nginx.Port} ssl http2;"), ("/etc/backup.actors/", $"{folder}/"), ("/run/backup-edge.pid", $"{folder}/nginx.pid"),
        })
        {
            Expect.That(text.Contains(shipped, StringComparison.Ordinal), $"deploy/nginx.conf has \"{shipped}\" for a broker to change");
            text = text.Replace(shipped, here, StringComparison.Ordinal);
        }

        var file = Path.Combine(folder, "nginx.conf");
        await File.WriteAllTextAsync(file, text);
        await RunAsync("nginx", ["-c", file, "-p", folder, "-e", "stderr", "-g", "daemon off;"], Nginx.Port);
    }

    private async Task RunAsync(string program, IEnumerable<string> arguments, int port)
    {
        var process = ManagedProcess.Start(program, program, arguments);
        _processes.Add(process);
        await FrontDoor.ListensAsync(process, port);
    }

    private static string Deploy(string file) => Path.Combine(Repository.Root, "deploy", file);

    /// <summary>What ships, and one address more in each list.</summary>
    private static async Task WriteListsAsync(string folder)
    {
        foreach (var (list, line) in new[] { ("allow.lst", Known), ("deny.lst", Denied), ("nginx-allow.conf", $"{Known} 1;"), ("nginx-deny.conf", $"{Denied} 1;") })
        {
            await File.WriteAllTextAsync(Path.Combine(folder, list), await File.ReadAllTextAsync(Deploy(Path.Combine("lists", list))) + line + '\n');
        }
    }

    private static async Task WriteCertificateAsync(string file)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(Subject, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        await File.WriteAllTextAsync(file, $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n");
    }
}

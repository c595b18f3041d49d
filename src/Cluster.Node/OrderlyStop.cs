using System.Runtime.InteropServices;

namespace Backup.Cluster.Node;

/// <summary>Ctrl-C, SIGTERM or SIGQUIT: first what must be done while the node still answers, then the host's own stop. A second signal does not wait.</summary>
internal sealed class OrderlyStop(IHostApplicationLifetime lifetime, Func<Task> leave) : IHostLifetime, IDisposable
{
    private readonly List<PosixSignalRegistration> _signals = [];
    private int _isTold;

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        foreach (var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGQUIT })
        {
            _signals.Add(PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                Begin();
            }));
        }

        return Task.CompletedTask;
    }

    /// <summary>Stops as a signal would.</summary>
    public void Begin() => _ = StopInOrderAsync();

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _signals.ForEach(static signal => signal.Dispose());

    private async Task StopInOrderAsync()
    {
        try
        {
            if (Interlocked.Exchange(ref _isTold, 1) == 0)
            {
                await leave();
            }
        }
        finally
        {
            lifetime.StopApplication();
        }
    }
}

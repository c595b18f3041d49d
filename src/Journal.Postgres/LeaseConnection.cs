using Npgsql;

namespace Backup.Journal.Postgres;

/// <summary>
/// A connection for one kind of lease request, one at a time, replaced when it is too slow. What did not answer within the limit is
/// left alone, not cancelled: a cancelled commit looks good and may be lost.
/// </summary>
internal sealed class LeaseConnection(Func<CancellationToken, Task<NpgsqlConnection>> connect, TimeSpan limit, TimeProvider clock) : IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private NpgsqlConnection? _connection;

    /// <exception cref="TimeoutException">No answer within the limit; what was asked may have been done.</exception>
    internal async Task<T> RunAsync<T>(Func<NpgsqlConnection, Task<T>> request)
    {
        await _gate.WaitAsync();
        try
        {
            var connection = _connection;
            _connection = null;
            var running = RunAsync(connection, request);
            try
            {
                (var result, _connection) = await running.WaitAsync(limit, clock);
                return result;
            }
            catch (TimeoutException)
            {
                _ = LeaveAsync(running);
                throw;
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _gate.WaitAsync();
        if (_connection is not null)
        {
            await _connection.DisposeAsync();
        }

        _gate.Dispose();
    }

    private async Task<(T Result, NpgsqlConnection Connection)> RunAsync<T>(NpgsqlConnection? connection, Func<NpgsqlConnection, Task<T>> request)
    {
        connection ??= await connect(CancellationToken.None);
        try
        {
            using var warnings = new Warnings(connection);
            var result = await request(connection);
            return warnings.Last is null ? (result, connection) : throw new InvalidOperationException(warnings.Last);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static async Task LeaveAsync<T>(Task<(T Result, NpgsqlConnection Connection)> running)
    {
        try
        {
            await (await running).Connection.DisposeAsync();
        }
        catch (Exception)
        {
            // It ended badly, as was to be expected, and has disposed of its connection itself.
        }
    }
}

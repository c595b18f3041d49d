using System.Collections.Concurrent;
using System.Text.Json;

namespace Backup.Drills.Records;

/// <summary>What a client was told about one request.</summary>
internal enum Told
{
    Done,
    Refused,

    /// <summary>No answer, or one that says that it is not known.</summary>
    Nothing,
}

/// <summary>One answer that a client was given, or that he was given none.</summary>
/// <param name="Words">What else was said.</param>
internal sealed record Answered(DateTimeOffset Asked, DateTimeOffset At, string Client, string What, string Key, Told Told, string Words)
{
    public override string ToString() => $"{What} {Key} of {Client}, asked at {Asked:HH:mm:ss.fff}, answered {Told} at {At:HH:mm:ss.fff} {Words}".TrimEnd();
}

/// <summary>
/// The clients' own record: what they asked, written down before they asked, and what they were told. It lies beside the other two records as
/// client.jsonl.
/// </summary>
internal sealed class ClientRecord : IDisposable
{
    private readonly StreamWriter _file;
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<(string Client, string What, string Key), Told> _answers = new();
    private readonly ConcurrentDictionary<(string Client, string What, string Key), DateTimeOffset> _asked = new();
    private readonly ConcurrentQueue<Answered> _history = new();

    internal ClientRecord(string folder) => _file = new StreamWriter(Path.Combine(folder, "client.jsonl"), append: true) { AutoFlush = true };

    /// <summary>Every request of these days with the last thing that was said about it.</summary>
    internal IEnumerable<(string Client, string What, string Key, Told Told)> Of(string client) =>
        _answers.Where(answer => answer.Key.Client == client).Select(answer => (answer.Key.Client, answer.Key.What, answer.Key.Key, answer.Value));

    /// <summary>Every answer to what was asked since that moment, in the order of their arrival.</summary>
    internal IReadOnlyList<Answered> Since(DateTimeOffset moment) => [.. _history.Where(answer => answer.Asked >= moment)];

    internal void Ask(string client, string what, string key)
    {
        _answers.TryAdd((client, what, key), Told.Nothing);
        _asked[(client, what, key)] = DateTimeOffset.UtcNow;
        Write(new { at = DateTimeOffset.UtcNow, client, what, key });
    }

    /// <summary>An answer that came later than a doubt settles it; a definite answer is never taken back by a doubt.</summary>
    internal void Answer(string client, string what, string key, Told told, string words)
    {
        _answers.AddOrUpdate((client, what, key), told, (_, before) => told == Told.Nothing ? before : told);
        _history.Enqueue(new Answered(_asked[(client, what, key)], DateTimeOffset.UtcNow, client, what, key, told, words));
        Write(new { at = DateTimeOffset.UtcNow, client, what, key, told = told.ToString(), words });
    }

    public void Dispose() => _file.Dispose();

    private void Write(object line)
    {
        lock (_gate)
        {
            _file.WriteLine(JsonSerializer.Serialize(line));
        }
    }
}

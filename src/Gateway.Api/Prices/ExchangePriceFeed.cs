using System.Text.Json;
using Backup.Account.Domain;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Backup.Gateway.Api.Prices;

/// <summary>
/// Reads the feed of last prices: endless lines of JSON, one price each. While it is away the book keeps what it had, and
/// the ages of its prices tell.
/// </summary>
public sealed class ExchangePriceFeed(
    PriceBook book, HttpClient http, Uri stream, string source, TimeProvider clock, ILogger<ExchangePriceFeed> log) : BackgroundService, IPriceFeed
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    /// <summary>A feed that says nothing for this long is taken for dead and asked again.</summary>
    private static readonly TimeSpan SilenceMax = TimeSpan.FromSeconds(15);

    private readonly PriceIntake _intake = new(book, source, clock);
    private readonly FeedHearing _hearing = new(stream.ToString(), source, clock, log);

    public string Source => source;

    public PriceFeedStatus Status => _hearing.Status(_intake.Counts, received: null);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ReadAsync(stoppingToken);
                _hearing.End();
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception gone) when (gone is HttpRequestException or IOException or OperationCanceledException or JsonException)
            {
                _hearing.Lose(gone.Message);
            }

            await Task.Delay(RetryAfter, clock, stoppingToken);
        }
    }

    private async Task ReadAsync(CancellationToken stoppingToken)
    {
        using var response = await http.GetAsync(stream, HttpCompletionOption.ResponseHeadersRead, stoppingToken);
        response.EnsureSuccessStatusCode();
        _hearing.Reach();
        await using var body = await response.Content.ReadAsStreamAsync(stoppingToken);
        using var lines = new StreamReader(body);
        while (true)
        {
            using var silence = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            silence.CancelAfter(SilenceMax);
            if (await lines.ReadLineAsync(silence.Token) is not { } line)
            {
                return;
            }

            if (line.Length > 0)
            {
                Take(line);
            }
        }
    }

    private void Take(string line)
    {
        _hearing.Hear();
        using var price = JsonDocument.Parse(line);
        var root = price.RootElement;
        var segment = root.GetProperty("segment").GetString() switch
        {
            "cm" => MarketSegment.Cash,
            "fo" => MarketSegment.Derivatives,
            var other => throw new JsonException($"segment: expected cm or fo, found {other}"),
        };
        _intake.Take(segment, root.GetProperty("token").GetInt32(), root.GetProperty("ltp").GetInt64(), root.GetProperty("at").GetDateTimeOffset());
    }
}

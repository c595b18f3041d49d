using System.Buffers;
using System.Text;
using System.Text.Json;
using Backup.Gateway.Api.Live;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Options;
using Xunit;

namespace Backup.Gateway.Api.Tests;

/// <summary>What is copied ready-made to a browser is byte for byte what the framework would have made of it.</summary>
public sealed class EncodedHubProtocolTests : IAsyncLifetime
{
    private readonly AccountWorld _world = new();
    private readonly JsonHubProtocol _framework;
    private readonly EncodedHubProtocol _ours;

    public EncodedHubProtocolTests()
    {
        var options = new JsonHubProtocolOptions();
        GatewayJson.Configure(options.PayloadSerializerOptions);
        _framework = new JsonHubProtocol(Options.Create(options));
        _ours = new EncodedHubProtocol(_framework);
    }

    public async ValueTask InitializeAsync()
    {
        await _world.OpenAsync("DEMO01", 300);
        await _world.ExitAsync("DEMO01", 75, "quotes \" and <tags> & \u20b9");
        _world.SetPrice(11105);
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Theory]
    [InlineData("0")]
    [InlineData("a \"quoted\" \\ id \u001e of the browser's \u0939")]
    public async Task Every_kind_of_message(string invocation)
    {
        var state = ((Account.Domain.AccountReply.Shown)await _world.AskAsync("DEMO01", new Account.Domain.AccountCommand.Show())).State;
        PortfolioMessage[] messages =
        [
            PortfolioMessage.Snapshot(state, _world.Sources),
            PortfolioMessage.Delta(state, 1, state.Working, _world.Sources),
            PortfolioMessage.PricesAfter(state, 0, _world.Sources),
            PortfolioMessage.Heartbeat(state, _world.Sources),
        ];

        Assert.All(messages, message =>
        {
            var expected = Written(_framework, new StreamItemMessage(invocation, message.Update));
            var found = Written(_ours, new StreamItemMessage(invocation, message));
            Assert.Equal(expected, found);
            Assert.Equal(expected, Encoding.UTF8.GetString(_ours.GetMessageBytes(new StreamItemMessage(invocation, message)).Span));
            Assert.Equal(message.Update.Kind, JsonDocument.Parse(found.TrimEnd('\u001e')).RootElement.GetProperty("item").GetProperty("kind").GetString());
        });
    }

    [Fact]
    public void Everything_else_is_the_frameworks()
    {
        HubMessage[] others = [PingMessage.Instance, CompletionMessage.WithError("1", "TokenException"), new StreamItemMessage("1", 7), new CloseMessage("why")];

        Assert.All(others, other => Assert.Equal(Written(_framework, other), Written(_ours, other)));
        Assert.Equal((_framework.Name, _framework.Version, _framework.TransferFormat), (_ours.Name, _ours.Version, _ours.TransferFormat));
    }

    private static string Written(IHubProtocol protocol, HubMessage message)
    {
        var written = new ArrayBufferWriter<byte>();
        protocol.WriteMessage(message, written);
        return Encoding.UTF8.GetString(written.WrittenSpan);
    }
}

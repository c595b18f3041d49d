namespace Backup.Tap.Stream;

/// <summary>What the exchange says: read, sorted, and handed to the accounts, to the session's machine, or to both.</summary>
internal sealed partial class TapRun
{
    private async Task ReadAsync(ITapLine line, int? knownEndTime)
    {
        try
        {
            while (!IsBroken)
            {
                var reading = line.Input.ReadAsync(_broken.Token);
                _hasReadAll = !reading.IsCompleted;
                var result = await reading;
                _hasReadAll = false;
                var now = _memory.Clock.GetUtcNow();
                var buffer = result.Buffer;
                var status = _decoder.Decode(ref buffer);
                line.Input.AdvanceTo(buffer.Start, buffer.End);
                await TakeInAsync(now, knownEndTime);
                if (status != InboundStatus.NeedMoreData)
                {
                    Break(_decoder.Damage);
                }
                else if (result.IsCompleted)
                {
                    Break("The exchange closed the connection.");
                }
            }
        }
        catch (Exception failure)
        {
            // Outermost frame of the reader: whatever it is, it must end this session and not the box.
            Break($"Reading from the exchange failed: {failure.Message}");
        }
    }

    private async Task TakeInAsync(DateTimeOffset now, int? knownEndTime)
    {
        foreach (var inbound in _decoder.Taken)
        {
            lock (_gate)
            {
                _machine.Heard(now);
            }

            if (inbound.Report is not null)
            {
                _owed.Heard(inbound.Report);
                _isReading = false;
                await _lanes.AddAsync(inbound.Report, inbound.Mark!, _broken.Token);
                _isReading = true;
            }
            else if (inbound.Loss is not null || inbound.Mark is not null)
            {
                await TakeLossAsync(inbound);
            }

            if (inbound.Control is { } message)
            {
                TapStep step;
                lock (_gate)
                {
                    step = _machine.Received(message, now);
                }

                _memory.Note(message, EndTime, knownEndTime);
                _killSwitch.Note(message);
                Carry(step);
            }
        }
    }

    /// <summary>
    /// An outage is told at its place in the download, when everything said before it has been applied: the accounts must know what rested
    /// and what of it had traded. Live it may overtake answers and trades, so it ends the session, and the day is read anew.
    /// </summary>
    private async Task TakeLossAsync(Inbound inbound)
    {
        if (inbound is { Loss: { } announced, Mark: null })
        {
            if (_memory.IsNews(announced))
            {
                _memory.Marks.Reset();
                Break($"Stream {announced.Stream} is down (0 means all): what became of its orders is read from the exchange's memory in a new session.");
            }

            return;
        }

        if (inbound.Loss is { } loss)
        {
            _isReading = false;
            await _lanes.WhenIdleAsync();
            await _memory.Desk.StreamLostAsync(_options.Segment, loss, _broken.Token);
            _isReading = true;
        }

        if (inbound.Mark is { } mark)
        {
            _memory.Marks.Applied(mark);
        }
    }
}

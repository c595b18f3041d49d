namespace Backup.Exchange.Wire.Tests;

public class LayoutTests
{
    public static TheoryData<string> LayoutNames => [.. Vectors.Layouts.EnumerateObject().Select(layout => layout.Name)];

    [Theory]
    [MemberData(nameof(LayoutNames))]
    public void A_structure_lies_exactly_as_in_the_reference(string name)
    {
        var expected = Vectors.Layouts.GetProperty(name);
        var ours = MessageCatalogue.Structures.Single(structure => structure.Name == name);

        Assert.Equal(expected.GetProperty("size").GetInt32(), ours.Size);
        var fields = expected.GetProperty("fields").EnumerateArray().Select(field => new FieldInfo(
            field.GetProperty("name").GetString()!,
            field.GetProperty("offset").GetInt32(),
            field.GetProperty("size").GetInt32(),
            Kind(field.GetProperty("type").GetString()!)));
        Assert.Equal(fields, ours.Fields);
    }

    [Theory]
    [MemberData(nameof(LayoutNames))]
    public void Every_code_that_the_reference_gives_a_structure_is_in_the_catalogue(string name)
    {
        var expected = Vectors.Layouts.GetProperty(name);
        foreach (var code in expected.GetProperty("codes").EnumerateArray())
        {
            Assert.Contains(MessageCatalogue.Find(code.GetInt16()), kind => kind.Layout.Name == name);
        }
    }

    [Fact]
    public void The_catalogue_holds_every_structure_of_the_reference_the_two_legacy_invitations_and_the_two_tickers()
    {
        string[] ours = ["INVITATION_4", "INVITATION_42", "CM_TICKER_RECORD", "FO_TICKER_RECORD"];
        var reference = Vectors.Layouts.EnumerateObject().Select(layout => layout.Name);
        Assert.Equal(reference.Concat(ours).Order(), MessageCatalogue.Structures.Select(structure => structure.Name).Order());
    }

    [Fact]
    public void A_message_is_found_by_at_most_one_structure_for_its_segment_code_and_length()
    {
        foreach (var segment in Enum.GetValues<Segment>())
        {
            var mine = MessageCatalogue.Messages.Where(kind => kind.Segment is null || kind.Segment == segment);
            Assert.All(mine.GroupBy(kind => (kind.Code, kind.Layout.Size)), group => Assert.Single(group));
        }
    }

    private static FieldKind Kind(string type) => type switch
    {
        "i16" => FieldKind.I16,
        "u16" => FieldKind.U16,
        "i32" => FieldKind.I32,
        "u32" => FieldKind.U32,
        "i64" => FieldKind.I64,
        "f64" => FieldKind.Wide,
        "ascii" => FieldKind.Text,
        _ => FieldKind.Raw,
    };
}

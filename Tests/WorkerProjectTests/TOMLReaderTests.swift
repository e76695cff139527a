import Testing

@testable import WorkerProject

@Suite("TOML")
struct TOMLReaderTests {
    private func json(_ text: String) throws -> String { try TOMLReader.parse(Array(text.utf8)).json() }

    private func error(_ text: String) -> ConfigurationSyntaxError? {
        do {
            _ = try TOMLReader.parse(Array(text.utf8))
            return nil
        } catch { return error }
    }

    private func place(_ position: SourcePosition?) -> String { position.map { "\($0.line):\($0.column)" } ?? "none" }

    /// `path key-place value-place`, in the order of the tree.
    private func places(_ value: ConfigurationValue, _ path: String = "") -> [String] {
        let members = (value.members ?? []).flatMap { member in
            let here = path.isEmpty ? member.key : "\(path).\(member.key)"
            let line = "\(here) \(self.place(member.keyPosition)) \(self.place(member.value.position))"
            return [line] + self.places(member.value, here)
        }
        let elements = (value.elements ?? []).enumerated().flatMap { index, element in
            ["\(path)[\(index)] \(self.place(element.position))"] + self.places(element, "\(path)[\(index)]")
        }
        return members + elements
    }

    @Test(
        "values are read as wrangler reads them",
        arguments: [
            ("", "{}"), ("# only a comment", "{}"), ("a = 1\r\nb = 2\r\n", #"{"a":1,"b":2}"#),
            ("\u{FEFF}a = 1", #"{"a":1}"#), ("z=1\na=2\nm=3", #"{"z":1,"a":2,"m":3}"#),
            ("b.z=1\na=2\nb.a=3", #"{"b":{"z":1,"a":3},"a":2}"#),
            ("[z]\nb=1\na=2\n[a]\nx=1\n[z.c]\ny=1", #"{"z":{"b":1,"a":2,"c":{"y":1}},"a":{"x":1}}"#),
            ("[[r]]\nb=1\n[[r]]\na=2\n[r.s]\nc=3", #"{"r":[{"b":1},{"a":2,"s":{"c":3}}]}"#),
            ("[a.b]\nx=1\n[a]\ny=2", #"{"a":{"b":{"x":1},"y":2}}"#),
            ("a = [1, 'x', [true, {b = 1.5}],]", #"{"a":[1,"x",[true,{"b":1.5}]]}"#),
            ("\"\" = 1\n'a.b' = 2\n\"\\u00e9\" = 3", #"{"":1,"a.b":2,"é":3}"#),
            ("a = \"x\\ty\"\nb = 'x\\ty'", #"{"a":"x\ty","b":"x\\ty"}"#),
            ("a = \"\"\"\nx\\\n   y\"\"\"\"\"\nb = '''\n'x'''''", #"{"a":"xy\"\"","b":"'x''"}"#),
            ("a = \"\"\"\\\n  é\\\n  か\\  \n\n 。\"\"\"", #"{"a":"éか。"}"#),
            ("a = 0\nb = +1\nc = -0\nd = 1_0", #"{"a":0,"b":1,"c":0,"d":10}"#),
            ("a = 9007199254740991\nb = -9_007_199_254_740_991", #"{"a":9007199254740991,"b":-9007199254740991}"#),
            ("a = 0xff\nb = 0o17\nc = 0b11\nd = 0x1F_FFFF_FFFF_FFFF", #"{"a":255,"b":15,"c":3,"d":9007199254740991}"#),
            ("a = 1e3\nb = 1.0\nc = -0.0\nd = 1e308\ne = 5e-324", #"{"a":1000,"b":1,"c":0,"d":1e+308,"e":5e-324}"#),
            ("a = inf\nb = -inf\nc = nan\nd = +nan", #"{"a":null,"b":null,"c":null,"d":null}"#),
        ])
    func values(text: String, json: String) throws { #expect(try self.json(text) == json) }

    @Test(
        "what TOML 1.1 added is read",
        arguments: [
            ("o = {\n a = 1, # one\n b = 2,\n}", #"{"o":{"a":1,"b":2}}"#), ("o = {a=1,}", #"{"o":{"a":1}}"#),
            ("a = \"\\e[0m\"", #"{"a":"\u001b[0m"}"#), ("a = \"\\x41\\xe9\"", #"{"a":"Aé"}"#),
            ("a = 07:32", #"{"a":"07:32"}"#), ("a = 1979-05-27T07:32", #"{"a":"1979-05-27T07:32"}"#),
            ("a = 1979-05-27 07:32Z", #"{"a":"1979-05-27 07:32Z"}"#),
        ])
    func later(text: String, json: String) throws { #expect(try self.json(text) == json) }

    @Test("dates and times keep their text, wherever they stand")
    func dates() throws {
        let text = "é = ['ü', 1979-05-27T00:32:00.999999-07:00 , 07:32:00]# x\nb = 1979-05-27"
        let value = try TOMLReader.parse(Array("\"é\"\(text.dropFirst())".utf8))
        #expect(value["é"]?.elements?[1].content == .date("1979-05-27T00:32:00.999999-07:00"))
        #expect(value["é"]?.elements?[2].content == .date("07:32:00"))
        #expect(value["b"]?.content == .date("1979-05-27"))
    }

    @Test(
        "numbers out of a double's range are infinite or zero, and nothing moves by it",
        arguments: ["1e400", "-1e400", "+1E+400", "1_0e4_00", "1.5e999", "1e-400", "-1e-400", "0.1e-999"])
    func range(number: String) throws {
        let text = "a = [\(number),\(number) ]\n\"q\(number)\" = '\(number)' # \(number)\n\(number) = {x=\(number)}"
        // A bare key with a point or a plus sign is another matter.
        let isKey = number.allSatisfy { $0 != "." && $0 != "+" }
        let value = try TOMLReader.parse(Array((isKey ? text : String(text.split(separator: "\n")[0])).utf8))
        let isZero = number.contains("-4") || number.contains("-9")
        let expected = isZero ? "0" : number.hasPrefix("-") ? "-Infinity" : "Infinity"
        #expect(value["a"]?.elements?.map(\.number) == [expected, expected])
        #expect(value["a"]?.json() == (isZero ? "[0,0]" : "[null,null]"))
        #expect(value["a"]?.elements?[1].position?.column == 7 + number.count)
        guard isKey else { return }
        #expect(value.members?[1].key == "q\(number)" && value.members?[1].value.string == number)
        #expect(value[number]?["x"]?.number == expected)
    }

    @Test("a number with more digits than toml++ takes is read")
    func digits() throws {
        #expect(try self.json("a = 0.\(String(repeating: "3", count: 400))") == #"{"a":0.3333333333333333}"#)
        #expect(try self.json("a = 1\(String(repeating: "0", count: 200)).0") == #"{"a":1e+200}"#)
    }

    @Test(
        "what wrangler refuses is refused at the same place",
        arguments: [
            ("a = 9007199254740992", "1:5"), ("a = -9007199254740992", "1:5"),
            ("x=1\na = [1, 0x20000000000000]", "2:9"),
            ("a = 1234567890123456789012", "1:5"), ("姓 = 1", "1:1"), ("a.姓 = 1", "1:3"), ("o = {é = 1}", "1:6"),
            ("[中]", "1:2"), ("[[a.é]]", "1:5"), ("a+b = 1", "1:1"), ("a = 0x1p4", "1:5"), ("a = 0x1.8p1", "1:5"),
            ("a = -0x10", "1:5"), ("a = 01", "1:7"), ("a = 1.e5", "1:7"), ("a = .5", "1:5"), ("a = 1__0", "1:7"),
        ])
    func refused(text: String, place: String) {
        let error = self.error(text)
        #expect(error != nil, "\(text)")
        #expect(self.place(error?.position) == place, "\(text): \(String(describing: error))")
    }

    @Test(
        "of two things that are wrong the first one is told",
        arguments: [
            ("a = \n姓 = 1", 1), ("姓 = 1\na = ", 1), ("a = [\n 1,\n 9007199254740992,\n ?]", 3),
            ("a = [\n ?,\n 9007199254740992]", 2), ("a = {\n b = 1,\n é = 2", 3), ("a=1\na=2\n姓=3", 2),
            ("x = 9007199254740992\nx = 1", 1),
        ])
    func first(text: String, line: Int) { #expect(self.error(text)?.position?.line == line, "\(text)") }

    @Test("keys and values have their places, in the order of the file")
    func positions() throws {
        let text = """
            top = "x"
              [ a . "b.c" ]
            key = [ 1,
              { x = 2, y.z = 3 } ]
            [[ r2_buckets ]]
            binding = 'A'
            [[r2_buckets]]
            [r2_buckets.sub]
            v = true
            [["q]".'w'.last]]
            [d]
            e.f = 1
            e.g = 2
            [implicit.child]
            [implicit]
            x = 1
            """
        #expect(
            self.places(try TOMLReader.parse(Array(text.utf8))) == [
                "top 1:1 1:7", "a 2:5 2:5", "a.b.c 2:9 2:9", "a.b.c.key 3:1 3:7", "a.b.c.key[0] 3:9",
                "a.b.c.key[1] 4:3", "a.b.c.key[1].x 4:5 4:9", "a.b.c.key[1].y 4:12 4:12",
                "a.b.c.key[1].y.z 4:14 4:18",
                "r2_buckets 5:4 5:4", "r2_buckets[0] 5:4", "r2_buckets[0].binding 6:1 6:11", "r2_buckets[1] 7:3",
                "r2_buckets[1].sub 8:13 8:13", "r2_buckets[1].sub.v 9:1 9:5", "q] 10:3 10:3", "q].w 10:8 10:8",
                "q].w.last 10:12 10:12", "q].w.last[0] 10:12", "d 11:2 11:2", "d.e 12:1 12:1", "d.e.f 12:3 12:7",
                "d.e.g 13:3 13:7", "implicit 14:2 14:2", "implicit.child 14:11 14:11", "implicit.x 16:1 16:5",
            ])
    }
}

import Testing
import TextSafety

@testable import ContentViews

@Suite("Content codings", .timeLimit(.minutes(2)))
struct CodingTests {
    private static let text = Array(#"{"city":"上海","list":[1,2,3]}"#.utf8)
    private static let brotliHello: [UInt8] = [0x0B, 0x02, 0x80, 0x68, 0x65, 0x6C, 0x6C, 0x6F, 0x03]

    @Test("a coding is taken off before a view is chosen")
    func known() async throws {
        let samples: [(String, [UInt8])] = [
            ("gzip", Packed.gzip(Self.text)), ("deflate", Packed.zlib(Self.text)),
            ("deflate", Packed.deflate(Self.text)),
            ("zstd", Packed.zstd(Self.text)), ("x-gzip", Packed.gzip(Self.text)),
            ("gzip, deflate", Packed.zlib(Packed.gzip(Self.text))), (" identity , GZIP ", Packed.gzip(Self.text)),
        ]
        let plain = try await Shown.lines(Self.text)
        for (coding, bytes) in samples {
            let opened = try await Shown.open(bytes, coding: coding)
            #expect(opened.views.first?.id == "json", "\(coding)")
            #expect(try await opened.document().lines(from: 0, count: 50).lines == plain)
        }
        let opened = try await Shown.open(Self.brotliHello, coding: "br")
        #expect(opened.title(TextView()) == "Text · br")
        #expect(try await opened.document(TextView()).lines(from: 0, count: 5).lines.map(\.text) == ["hello"])
    }

    @Test("gzip and zstd are known by their bytes, in layers too, and in several members")
    func detected() async throws {
        let layered = try await Shown.open(Packed.gzip(Packed.zstd(Self.text)))
        #expect(layered.codings == [.gzip, .zstd])
        #expect(layered.views.first?.id == "json")
        let members = Packed.gzip(Array("first ".utf8)) + Packed.gzip(Array("second".utf8))
        #expect(try await Shown.lines(members).map(\.text) == ["first second"])
        let frames = Packed.zstd(Array("first ".utf8)) + Packed.zstd(Array("second".utf8))
        #expect(try await Shown.lines(frames).map(\.text) == ["first second"])
    }

    @Test("a declared coding that the bytes do not have hides nothing", arguments: ["gzip", "br", "zstd", "deflate"])
    func refused(coding: String) async throws {
        let opened = try await Shown.open(Array("<html>plain</html>".utf8), coding: coding)
        #expect(opened.codings.isEmpty)
        #expect(opened.refused.map(\.rawValue) == [coding])
        #expect(opened.views.first?.id == "html")
    }

    @Test("what is cut or damaged is shown as far as it goes, and a line says so")
    func incomplete() async throws {
        // More than one block of zstd.
        let text = Array((0..<40_000).map { "line \($0)\n" }.joined().utf8)
        for (coding, bytes) in [
            ("gzip", Packed.gzip(text)), ("zstd", Packed.zstd(text)), ("deflate", Packed.zlib(text)),
        ] {
            let cut = Array(bytes.prefix(bytes.count * 2 / 3))
            let document = try await Shown.open(cut, coding: coding).document(TextView())
            #expect(try await document.lines(from: 0, count: 1).lines.map(\.text) == ["line 0"], "\(coding)")
            #expect(try await document.lastLines(1).lines.first?.text.contains("ends too early") == true, "\(coding)")
        }
        var damaged = Packed.gzip(text)
        for place in (damaged.count / 2)..<(damaged.count / 2 + 40) { damaged[place] ^= 0x55 }
        let last = try await Shown.open(damaged).document(TextView()).lastLines(1).lines
        #expect(last.first?.text.contains("damaged") == true)
        // A capture that was cut says that, and not that the data is broken.
        let capture = try await Shown.lines(
            Array(Packed.gzip(text).prefix(9_000)), view: "text", isCut: true, count: 50_000)
        #expect(capture.last?.text.contains("only the beginning") == true)
    }

    @Test("a bomb stops at the limit, and the first lines need none of it")
    func bomb() async throws {
        // 1 GB from 1 MB: a gigabyte of zeros in two layers of deflate would be 1 kB; one layer of 64 MB members.
        let member = Packed.gzip([UInt8](repeating: 0x41, count: 16_777_216))
        let bytes = Array(repeatElement(member, count: 64).joined())
        #expect(bytes.count < 1_200_000)
        let opened = try await Shown.open(bytes, options: Shown.options(limit: 2_097_152))
        let document = try await opened.document(TextView())
        #expect(try await document.lines(from: 0, count: 3).lines.count == 3)
        let last = try await document.lastLines(1).lines
        #expect(last.first?.text.contains("decoding stopped at 2.0 MiB") == true)
        #expect(opened.size == 2_097_152)
    }

    @Test("several readers of one decoded content get the same bytes")
    func concurrent() async throws {
        let text = Array((0..<40_000).map { "line \($0)\n" }.joined().utf8)
        let source = ContentCoding.gzip.decoded(MemorySource(Packed.gzip(text)), limit: 10_000_000)
        let parts = try await withThrowingTaskGroup(of: [UInt8].self) { group in
            for start in stride(from: 0, to: text.count, by: 60_001) {
                group.addTask { try await source.all(at: start, count: 60_001) }
            }
            return try await group.reduce(into: [[UInt8]]()) { $0.append($1) }
        }
        #expect(parts.reduce(0) { $0 + $1.count } == text.count)
        #expect(try await source.all(at: 0, count: text.count + 1) == text)
    }

    @Test("secrets are hidden behind codings, encodings and in what is nested")
    func secrets() async throws {
        let body = #"{"user":"ann","password":"hunter2hunter2","note":"Bearer abcdef0123456789abcdef0123456789"}"#
        let options = Shown.options(.standard)
        let utf16 = body.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        let form =
            "--b\r\nContent-Disposition: form-data; name=\"j\"\r\nContent-Type: application/json\r\n\r\n\(body)\r\n--b--\r\n"
        let samples: [[UInt8]] = [
            Packed.gzip(Array(body.utf8)), [0xFF, 0xFE] + utf16, Packed.gzip([0xFF, 0xFE] + utf16), Array(form.utf8),
            Packed.gzip(Array(form.utf8)), Array((body + "\n" + body + "\n").utf8), Array("data: \(body)\n\n".utf8),
        ]
        for bytes in samples {
            let opened = try await Shown.open(bytes, options: options)
            for view in opened.views {
                let lines = try await opened.document(view).lines(from: 0, count: 100).lines
                #expect(!lines.contains { $0.text.contains("hunter2") || $0.text.contains("abcdef01") }, "\(view.id)")
                // UTF-16 in hex: `h.u.n.t`.
                #expect(!lines.contains { $0.text.contains("h·u·n·t") || $0.text.contains("68 00 75 00 6e 00") })
            }
            let lines = try await opened.document().lines(from: 0, count: 100).lines
            #expect(lines.contains { $0.text.contains("ann") })
        }
    }

    @Test("a secret at the edge of two windows is hidden in both")
    func edges() async throws {
        for shift in stride(from: -40, through: 8, by: 16) {
            let before = String(repeating: "x\n", count: (RedactedSource.wholeLimit + shift) / 2)
            let text = before + "password=hunter2hunter2hunter2\n" + String(repeating: "y\n", count: 3_000)
            let source = try await RedactedSource.open(MemorySource(Array(text.utf8)), .standard, type: "text/plain")
            let shown = try await source.all(at: 0, count: text.utf8.count + 1_000)
            let hidden = Array("password=\(Redaction.mask)\n".utf8)
            #expect(shown.firstRange(of: hidden) != nil, "\(shift)")
            #expect(shown.firstRange(of: Array("hunter2".utf8)) == nil, "\(shift)")
            let place = try #require(shown.firstRange(of: Array("\ny\n".utf8)))
            #expect(
                source.place(of: place.lowerBound) == before.utf8.count + "password=hunter2hunter2hunter2".utf8.count)
        }
    }
}

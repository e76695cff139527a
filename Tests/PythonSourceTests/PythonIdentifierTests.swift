import Foundation
import Testing

@testable import PythonSource

@Suite("Python's identifiers")
struct PythonIdentifierTests {
    @Test(
        "other forms of ASCII letters are the letters",
        arguments: [
            ("Ｄｅｆａｕｌｔ", "Default"), ("𝐃𝑒𝓯𝔞𝕦𝖑𝗍", "Default"), ("ﬁle", "file"), ("ｘ＿１", "x_1"), ("ℎello", "hello"),
            ("Ⅷ", "VIII"), ("aº", "ao"), ("n𝟙", "n1"), ("fetch", "fetch"), ("é", "é"), ("变量", "变量"),
        ])
    func forms(written: String, name: String) { #expect(PythonIdentifier.normalized(written) == name) }

    @Test("canonically equal names are one name")
    func canonical() { #expect(PythonIdentifier.normalized("e\u{301}") == PythonIdentifier.normalized("\u{E9}")) }

    @Test("what no identifier may hold is refused", arguments: ["a\u{2028}", "x€", "a\u{200B}b", "\u{1D455}", "→"])
    func refused(text: String) { #expect(PythonIdentifier.normalized(text) == nil) }

    @Test("every identifier that stands for ASCII in NFKC is written in ASCII")
    func complete() {
        for value in UInt32(0x80)...0x1FFFF {
            guard let scalar = Unicode.Scalar(value), scalar.properties.isXIDContinue else { continue }
            let text = String(scalar)
            let normal = text.precomposedStringWithCompatibilityMapping
            guard normal.unicodeScalars.allSatisfy({ $0.isASCII }) else { continue }
            #expect(PythonIdentifier.normalized(text) == normal, "U+\(String(value, radix: 16))")
        }
    }

    @Test("a class in another form registers as the one that is meant")
    func verdict() {
        let source = """
            from workers import WorkerEntrypoint, Response
            class Ｄｅｆａｕｌｔ(WorkerEntrypoint):
                async def ﬁetch(self, request): return Response("no")
                async def fｅtch(self, request): return Response("ok")

            """
        let verdict = EntrypointAnalysis.verdict(
            main: "worker.py", files: FixedFiles(["worker.py": Array(source.utf8)]),
            flags: EffectiveFlags(date: "2025-12-23", flags: ["python_workers"]),
            environment: EntrypointEnvironment(isComplete: true))
        #expect(verdict.kind == .registered, "\(verdict)")
    }

    @Test(
        "the encoding is read in every form that the interpreter takes",
        arguments: [
            "# -*- coding: latin-1 -*-", "#coding=latin1", "\n# vim: set fileencoding=iso-8859-1 :",
            "# coding:\tLATIN_1",
            "# coding coding: latin-1",
        ])
    func cookies(line: String) throws {
        let bytes = Array("\(line)\nx = '".utf8) + [0xE9] + Array("'\n".utf8)
        #expect(String(decoding: try SourceText(decoding: bytes).bytes, as: UTF8.self).contains("é"))
    }
}

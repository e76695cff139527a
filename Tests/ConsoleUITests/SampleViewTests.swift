import TerminalCanvas
import TestSupport
import Testing
import TextSafety
import Widgets
import WorkerDomain

@testable import ConsoleUI
@testable import ContentViews

/// The recipe "a content view": this file, and its line in the list of views.
private struct SampleView: ContentView {
    let id = "sample"
    let name = Phrase("Sample", "示例")

    func fit(_ sample: ContentSample) -> ContentFit {
        sample.text?.starts(with: Array("#sample".utf8)) == true ? .certain : .no
    }

    func layout(_ sample: ContentSample, _ options: ContentOptions) -> (any StreamLayout)? {
        LinesLayout(SampleStyle())
    }
}

private struct SampleStyle: LineStyle {
    mutating func line(_ bytes: ArraySlice<UInt8>, _ place: LinePlace) -> ContentLine {
        ContentLine(
            [TextRun("sample line: \(bytes.text)", .strong)], offset: place.offset, path: "line \(place.number)")
    }
}

@Suite("A further content view")
struct SampleViewTests {
    private static let views = ContentViews.all + [SampleView()] as [any ContentView]
    private static let text = Array("#sample\npassword=hunter2hunter2\n".utf8)

    private func opened(_ bytes: [UInt8], _ language: Language, type: String? = nil) async -> ContentPane {
        var pane = ContentPane()
        var options = ContentOptions(redaction: .standard, language: language)
        options.views = Self.views
        var next: ContentTask? = pane.open(ContentItem(MemorySource(bytes), mediaType: type), options)
        while let task = next { next = pane.take(await task.run()) }
        return pane
    }

    @Test("it is chosen, named in both languages, behind the door of redaction, and v goes on to the others")
    func recipe() async {
        for (language, name) in [(Language.english, "Sample"), (.simplifiedChinese, "示例")] {
            var pane = await self.opened(Self.text, language)
            #expect(pane.view == "sample" && pane.title == name)
            #expect(pane.viewNames(language).first == name)
            var canvas = Canvas(columns: 60, rows: 5)
            ContentPaneView(pane).draw(into: &canvas, in: canvas.bounds)
            #expect(canvas.lines[0].contains("sample line: #sample"))
            #expect(canvas.lines[1].contains("sample line: password=•") && !canvas.lines[1].contains("hunter2"))
            #expect(ContentPaneView(pane).position(language, columns: 40, ellipsis: "…").hasPrefix("line 0 · "))
            var next = pane.turn(1)
            while let task = next { next = pane.take(await task.run()) }
            #expect(pane.view == "text")
        }
    }

    @Test("it shows a part of a multipart body as well")
    func parts() async {
        let part = "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n#sample\r\n--b--\r\n"
        let pane = await self.opened(Array(part.utf8), .english, type: "multipart/form-data; boundary=b")
        #expect(pane.view == "multipart")
        let texts = (0..<pane.lineCount).compactMap { pane.content(at: $0)?.text }
        #expect(texts.contains { $0.contains("sample line: #sample") })
    }

    @Test("what it does not suit has the views that it had")
    func others() async {
        let pane = await self.opened(Array("{\"a\":1}".utf8), .english)
        #expect(pane.view == "json" && !pane.viewIDs.contains("sample"))
    }
}

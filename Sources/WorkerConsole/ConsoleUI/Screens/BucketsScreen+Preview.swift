import TerminalCanvas
import WorkerDomain

extension BucketsScreen {
    func drawPreview(_ preview: BucketsPreview, _ canvas: inout Canvas, _ area: Rect, _ world: World) {
        let language = world.language
        let isSmall = Pane.isSmall(area)
        let (head, body) = area.splitTop(isSmall ? 1 : 2)
        let key = Truncation.middle(
            preview.item.key, columns: max(8, head.columns - 24), ellipsis: canvas.glyphs.glyphs.ellipsis)
        let size = preview.item.bytes ?? preview.content?.window.total
        var facts = size.map { ScreenFormat.bytes($0) } ?? ""
        if !preview.item.typeName.isEmpty { facts += "  \(preview.item.typeName.prefix(10))" }
        if isSmall {
            let tab = Self.title(of: preview.tab)(language)
            Pane.line(
                [Span(" \(key)", .title)], [Span(tab, .tabSelected), Span(" ")], to: &canvas, row: head.row, in: head)
        } else {
            Pane.line([Span(" \(key)", .title)], [Span("\(facts) ", .dim)], to: &canvas, row: head.row, in: head)
            let titles = BucketsPreview.Tab.allCases.map { (Self.title(of: $0)(language), $0 == preview.tab) }
            Pane.tabs(titles, &canvas, row: head.row + 1, in: head)
        }
        if let field = preview.finder.field {
            preview.finder.draw(
                field, into: &canvas, in: head.splitTop(1).top, label: CommonPhrases.find(language))
        }
        var main = body
        if area.columns >= 120, preview.tab != .metadata {
            let detail: Rect
            (main, detail) = body.splitLeft(body.columns - body.columns / 3)
            let inner = Pane.frame(&canvas, detail, title: BucketsPhrases.object(language))
            Pane.fields(&canvas, inner, BucketsFields.fields(of: preview.item, content: preview.content, in: world))
        }
        if !isSmall {
            main = Pane.frame(
                &canvas, main, title: Self.title(of: preview.tab)(language),
                note: self.positionNote(preview, language), isFocused: true)
        }
        self.drawContent(preview, &canvas, main, world)
    }

    private func drawContent(_ preview: BucketsPreview, _ canvas: inout Canvas, _ rect: Rect, _ world: World) {
        self.height.note(rect.rows)
        if preview.tab == .metadata {
            let fields = BucketsFields.fields(of: preview.item, content: preview.content, in: world)
            Pane.fields(&canvas, rect, fields, selected: preview.line, isFocused: true)
            return
        }
        switch preview.phase {
        case .loading: Pane.notice(&canvas, rect, [Span(StoragePhrases.loading(world.language), .dim)])
        case .failed(let error): Pane.failure(&canvas, rect, error, world.language)
        case .loaded:
            guard let content = preview.content else { return }
            let form: StoredContentView.Form =
                switch preview.tab {
                case .pretty: .pretty
                case .text: .text
                case .hex, .metadata: .hex
                }
            var view = rect
            if !content.isText, form == .hex, rect.rows > 4, !content.window.bytes.isEmpty {
                self.drawDetection(preview.item, content, &canvas, rect.splitTop(2).top, world.language)
                view = rect.splitTop(2).rest
            }
            StoredContentView.draw(
                &canvas, view, content, form: form, line: preview.line, left: preview.left, finder: preview.finder,
                language: world.language)
        }
    }

    /// What the bytes are, above the bytes.
    private func drawDetection(
        _ item: BucketsItem, _ content: StoredContent, _ canvas: inout Canvas, _ rect: Rect, _ language: Language
    ) {
        var http = ObjectHTTPMetadata()
        if case .object(let object) = item { http = object.http }
        let field = BucketsFields.detection(
            content, declared: http.contentType, encoding: http.contentEncoding, language)
        let text = Pane.marked("\(field.label)  \(field.value)", canvas.glyphs.glyphs)
        canvas.write(text, row: rect.row, column: rect.column + 1, role: field.role, maxColumns: rect.columns - 2)
    }

    static func title(of tab: BucketsPreview.Tab) -> Phrase {
        switch tab {
        case .pretty: StoragePhrases.tabPretty
        case .text: StoragePhrases.tabText
        case .hex: StoragePhrases.tabHex
        case .metadata: StoragePhrases.tabMetadata
        }
    }

    private func positionNote(_ preview: BucketsPreview, _ language: Language) -> String {
        guard let content = preview.content, preview.tab != .metadata, !content.window.bytes.isEmpty else { return "" }
        if preview.tab == .hex {
            let address = content.window.start + Int64(preview.line) * 16
            return "0x\(String(address, radix: 16))"
        }
        let line = ScreenFormat.count(preview.line + 1)
        let count = ScreenFormat.count(preview.lineCount) + (content.window.isWhole ? "" : "+")
        return StoragePhrases.line(language, line, count)
    }

    // MARK: State and keys

    package func stateLine(in world: World) -> [Span] {
        let language = world.language
        var spans = [Span(" ")]
        guard let listing = self.listing, let resource = self.resource(in: world) else { return spans }
        spans += Pane.placeSpans(of: resource, language)
        if let preview = self.preview {
            spans += self.contentSpans(preview, language)
            return spans
        }
        switch listing.phase {
        case .loading: spans.append(Span(" · \(StoragePhrases.loading(language))", .active))
        case .failed(let error):
            spans.append(Span(" · \(StoragePhrases.title(of: error.code)(language))", .failure))
        case .loaded:
            // What has changed comes before figures, which are left out first where there is no room.
            spans += Pane.findingSpans(self.findings, language)
            spans += Pane.changeSpans(listing.marks, isBlind: self.listener.isBlind, language)
            let count = ScreenFormat.count(listing.items.count)
            let phrase =
                listing.nextCursor == nil
                ? BucketsPhrases.listed : listing.isFull ? BucketsPhrases.listedFull : BucketsPhrases.listedMore
            spans.append(Span(" · \(phrase(language, count))"))
            if !listing.filter.isEmpty {
                let shown = ScreenFormat.count(listing.visible.count)
                spans.append(Span(" · \(BucketsPhrases.matching(language, shown))", .warning))
            }
            if let problem = listing.staleReason {
                spans.append(Span(" · \(StoragePhrases.stale(language, language.text(problem.reason)))", .failure))
            }
            if listing.nextCursor != nil, listing.sort != BucketsSort() {
                spans.append(Span(" · \(BucketsPhrases.sortedListed(language))", .warning))
            }
        }
        return spans
    }

    private static func span(of change: BucketsPreview.Change, _ language: Language) -> Span {
        let phrase =
            switch change {
            case .sinceListed: BucketsPhrases.changedSinceListed
            case .sinceRead: BucketsPhrases.changedSinceRead
            case .behind: BucketsPhrases.changedBehind
            case .gone: BucketsPhrases.gone
            }
        return Span(" · \(phrase(language))", .warning)
    }

    private func contentSpans(_ preview: BucketsPreview, _ language: Language) -> [Span] {
        guard let content = preview.content else {
            return preview.isReading ? [Span(" · \(StoragePhrases.loading(language))", .active)] : []
        }
        let window = content.window
        var spans: [Span] = []
        // First, because everything else is said of what is shown.
        if let change = preview.change { spans.append(Self.span(of: change, language)) }
        guard window.total > 0 else { return spans + [Span(" · \(StoragePhrases.wholeValue(language))")] }
        if window.isWhole {
            spans.append(Span(" · \(StoragePhrases.wholeValue(language))"))
        } else {
            let text = StoragePhrases.partOfValue(
                language, ScreenFormat.count(window.start), ScreenFormat.count(window.end),
                ScreenFormat.count(window.total))
            spans.append(Span(" · \(text)", .warning))
        }
        spans.append(Span(" · \(content.isText ? content.encoding.rawValue : StoragePhrases.binary(language))"))
        if content.isText {
            spans.append(
                content.controls == 0
                    ? Span(" · \(StoragePhrases.noControls(language))", .dim)
                    : Span(" · \(StoragePhrases.controls(language, ScreenFormat.count(content.controls)))", .warning))
        }
        if preview.isReading { spans.append(Span(" · \(StoragePhrases.loading(language))", .active)) }
        if let problem = preview.moreProblem { spans.append(Span(" · \(language.text(problem.reason))", .failure)) }
        return spans
    }

    package func keys(in world: World) -> [KeyHint] {
        switch self.field {
        case .filter, .prefix:
            return [
                KeyHint("⏎", BucketsPhrases.keyApply), KeyHint("Tab", BucketsPhrases.keyOther),
                KeyHint("Esc", BucketsPhrases.keyBack),
            ]
        case nil: break
        }
        if self.menu != nil { return [KeyHint("⏎", BucketsPhrases.keySort), KeyHint("Esc", BucketsPhrases.keyBack)] }
        if let preview = self.preview {
            if preview.finder.field != nil {
                return [KeyHint("⏎", CommonPhrases.find), KeyHint("Esc", BucketsPhrases.keyBack)]
            }
            var hints = [
                KeyHint("Tab", BucketsPhrases.keyTab), KeyHint("j k", BucketsPhrases.keyScroll),
                KeyHint("g G", BucketsPhrases.keyEnds), KeyHint("Esc", BucketsPhrases.keyBack),
                KeyHint("y", preview.tab == .metadata ? BucketsPhrases.keyCopyField : BucketsPhrases.keyCopy),
                KeyHint("Y", BucketsPhrases.keyAddress), KeyHint("r", BucketsPhrases.keyReload),
            ]
            if preview.tab != .metadata {
                hints.insert(KeyHint("/", CommonPhrases.find), at: 2)
                if !preview.finder.query.isEmpty { hints.insert(KeyHint("n N", CommonPhrases.nextMatch), at: 3) }
            }
            if preview.content?.window.hasMoreBehind == true {
                hints.insert(KeyHint("+", BucketsPhrases.keyMore), at: 1)
            }
            return hints
        }
        if case .failed = self.listing?.phase {
            return [KeyHint("r", BucketsPhrases.keyRetry), KeyHint("[ ]", BucketsPhrases.keyStore)]
        }
        var hints = [KeyHint("⏎", BucketsPhrases.keyOpen), KeyHint("/", BucketsPhrases.keyFilter)]
        if self.listing?.hasParent == true { hints.append(KeyHint("h", BucketsPhrases.keyUp)) }
        if Self.stores(in: world).count > 1 { hints.append(KeyHint("[ ]", BucketsPhrases.keyStore)) }
        if self.listing?.hasMore == true { hints.append(KeyHint("+", BucketsPhrases.keyMore)) }
        hints += [
            KeyHint("o", BucketsPhrases.keySort), KeyHint("Tab", BucketsPhrases.keyPane),
            KeyHint("y", self.focus == .details ? BucketsPhrases.keyCopyField : BucketsPhrases.keyCopy),
            KeyHint("Y", BucketsPhrases.keyAddress), KeyHint("r", BucketsPhrases.keyReload),
        ]
        return hints
    }
}

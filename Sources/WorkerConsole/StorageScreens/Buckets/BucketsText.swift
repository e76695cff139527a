import ConsoleUI
import TerminalCanvas
import WorkerDomain

/// What the buckets screen says of itself, and what it copies.
enum BucketsText {
    // MARK: State

    static func stateLine(of screen: BucketsScreen, in world: World) -> [Span] {
        let language = world.language
        var spans = [Span(" ")]
        guard let listing = screen.listing, let resource = screen.resource(in: world) else { return spans }
        spans += Pane.placeSpans(of: resource, language)
        if screen.isWriting {
            spans.append(Span(" · \(BucketsTransferPhrases.writing(language))", .danger))
        } else if case .bucket = resource.reader, resource.writer == nil {
            spans.append(Span(" · \(BucketsTransferPhrases.readOnly(language))", .dim))
        }
        if screen.preview != nil || screen.removal != nil, screen.transfer.phase != nil {
            return spans + [Span(" · ")] + BucketsTransferView(screen.transfer, hasUndo: false, world).spans
        }
        if let preview = screen.preview { return spans + self.spans(of: preview, language) }
        if !screen.marks.isEmpty {
            let text = screen.marks.text(screen.sums, in: listing.binding, language)
            spans.append(Span(" · \(text)", .active))
        }
        if let sum = screen.sums.sum(of: listing.prefix, in: listing.binding) {
            let mark = sum.isComplete ? "" : "~"
            let text = BucketsTransferPhrases.sumHere(
                language, mark + ScreenFormat.count(sum.objects), mark + ScreenFormat.bytes(sum.bytes))
            spans.append(Span(" · \(text)", sum.isComplete ? .plain : .active))
        }
        switch listing.phase {
        case .loading: spans.append(Span(" · \(StoragePhrases.loading(language))", .active))
        case .failed(let error):
            spans.append(Span(" · \(StoragePhrases.title(of: error.code)(language))", .failure))
        case .loaded:
            // What has changed comes before figures, which are left out first where there is no room.
            spans += Pane.findingSpans(screen.levels.findings, language)
            spans += Pane.changeSpans(listing.marks, isBlind: screen.levels.listener.isBlind, language)
            spans += self.spans(of: listing, language)
        }
        return spans
    }

    private static func spans(of listing: BucketsListing, _ language: Language) -> [Span] {
        let count = ScreenFormat.count(listing.items.count)
        let phrase =
            listing.nextCursor == nil
            ? BucketsPhrases.listed : listing.isFull ? BucketsPhrases.listedFull : BucketsPhrases.listedMore
        var spans = [Span(" · \(phrase(language, count))")]
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
        return spans
    }

    private static func spans(of preview: BucketsPreview, _ language: Language) -> [Span] {
        guard let content = preview.content else {
            return preview.isReading ? [Span(" · \(StoragePhrases.loading(language))", .active)] : []
        }
        var spans: [Span] = []
        // First, because everything else is said of what is shown.
        if let change = preview.change { spans.append(self.span(of: change, language)) }
        spans.append(Span(" · \(ScreenFormat.bytes(content.total))"))
        guard content.total > 0 else { return spans }
        if preview.pane.root != nil {
            spans.append(Span(" · \(content.isText ? content.encoding ?? "" : StoragePhrases.binary(language))"))
            if content.isText {
                spans.append(
                    content.controls == 0
                        ? Span(" · \(StoragePhrases.noControls(language))", .dim)
                        : Span(
                            " · \(StoragePhrases.controls(language, ScreenFormat.count(content.controls)))", .warning))
            }
        }
        if preview.pane.hidden > 0 {
            spans.append(Span(" · \(TrafficPhrases.hidden(language, ScreenFormat.count(preview.pane.hidden)))"))
        }
        if preview.isReading { spans.append(Span(" · \(StoragePhrases.loading(language))", .active)) }
        if let problem = preview.moreProblem { spans.append(Span(" · \(language.text(problem.reason))", .failure)) }
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

    // MARK: Copies

    /// `s3://bucket/key` for a bucket of a server, whose name it is known by there.
    static func address(of key: String, in resource: BoundResource) -> String {
        guard resource.host != nil, let bucket = resource.place.split(separator: "/").last else {
            return self.address(of: key, in: resource.binding)
        }
        return "s3://\(bucket)/\(self.encoded(key))"
    }

    /// `r2://bucket/key`: everything but unreserved characters and `/` is percent-encoded (RFC 3986, section 2.3).
    static func address(of key: String, in binding: Binding) -> String {
        "\(binding.kind.rawValue)://\(binding.resource ?? binding.name)/\(self.encoded(key))"
    }

    private static func encoded(_ key: String) -> String {
        let digits = Array("0123456789ABCDEF")
        var path = ""
        for byte in key.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x2F, 0x5F, 0x7E:
                path.unicodeScalars.append(Unicode.Scalar(byte))
            default: path += "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
            }
        }
        return path
    }
}

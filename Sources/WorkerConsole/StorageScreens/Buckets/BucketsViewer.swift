import ConsoleUI
import ContentViews
import TextSafety
import WorkerDomain

/// The value that is open, and the work that reads it.
struct BucketsViewer: Sendable {
    /// `nil` while none is open.
    private(set) var preview: BucketsPreview?
    /// Values that give access are shown.
    private(set) var isRevealed = false
    fileprivate var reading = Pending("read")
    fileprivate var looking = Pending("content")

    /// The content that is shown, while a value is open.
    var content: ContentPane? {
        get { self.preview?.pane }
        set { if let newValue { self.preview?.pane = newValue } }
    }

    mutating func change(_ change: (inout BucketsPreview) -> Void) {
        guard var preview = self.preview else { return }
        change(&preview)
        self.preview = preview
    }

    func options(in world: World) -> ContentOptions {
        world.contentOptions(self.isRevealed ? .off : world.redaction)
    }

    mutating func toggleRevealed() { self.isRevealed.toggle() }

    fileprivate mutating func open(_ preview: BucketsPreview?) { self.preview = preview }
}

/// What the screen does with the value that is open.
enum BucketsViewing {
    static func open(_ item: BucketsItem, of binding: String, in screen: inout BucketsScreen) -> [Effect] {
        screen.viewer.open(BucketsPreview(binding: binding, item: item))
        return self.read(&screen)
    }

    static func close(_ screen: inout BucketsScreen) -> [Effect] {
        screen.viewer.open(nil)
        return screen.cancel(\.viewer.reading) + screen.cancel(\.viewer.looking)
    }

    /// Reads from the start again, for a value that failed or has changed.
    static func reread(_ screen: inout BucketsScreen) -> [Effect] {
        guard let preview = screen.viewer.preview else { return [] }
        let cancelled = self.close(&screen)
        screen.viewer.open(
            BucketsPreview(binding: preview.binding, item: preview.item, isReread: preview.content != nil))
        return cancelled + self.read(&screen)
    }

    /// Changes the content that is shown, and does what it wants then.
    static func change(
        _ screen: inout BucketsScreen, in world: World, _ change: (inout ContentPane) -> ContentTask?
    ) -> [Effect] {
        guard var content = screen.viewer.content else { return [] }
        let task = change(&content)
        screen.viewer.content = content
        return self.look(task, &screen) + (task == nil ? self.fit(&screen, in: world) : [])
    }

    /// Lays the content out for the window that it is shown in.
    static func fit(_ screen: inout BucketsScreen, in world: World) -> [Effect] {
        guard world.layout.shows(BucketsScreen.contentShown) else { return [] }
        var task: ContentTask?
        screen.viewer.change { task = $0.pane.fit(columns: ContentPaneView.columns(of: world.layout.columns)) }
        return self.look(task, &screen)
    }

    static func toggleRevealed(_ screen: inout BucketsScreen, in world: World) -> [Effect] {
        screen.viewer.toggleRevealed()
        guard screen.viewer.preview?.source != nil else { return [] }
        let options = screen.viewer.options(in: world)
        var task: ContentTask?
        screen.viewer.change { task = $0.open(options) }
        return self.look(task, &screen)
    }

    /// Reads the value that is open from its start.
    private static func read(_ screen: inout BucketsScreen) -> [Effect] {
        guard let preview = screen.viewer.preview else { return [] }
        let (binding, item) = (preview.binding, preview.item)
        return [
            screen.start(\.viewer.reading) {
                await BucketsReader.open($0, binding: binding, item: item)
            } then: { screen, reply, world in
                switch reply {
                case .success(let reading):
                    screen.changeListing { $0.update(reading.item) }
                    let options = screen.viewer.options(in: world)
                    var task: ContentTask?
                    screen.viewer.change { task = $0.take(reading, options) }
                    var effects = self.look(task, &screen)
                    if case .object(let object) = reading.item {
                        effects += BucketsTracing.begin(object, in: &screen)
                    }
                    return effects
                case .failure(let error):
                    screen.viewer.change { $0.fail(error) }
                    return []
                }
            }
        ]
    }

    private static func look(_ task: ContentTask?, _ screen: inout BucketsScreen) -> [Effect] {
        screen.look(task, in: \.viewer.looking, \.viewer.content) { screen, world in
            var isNewer = false
            screen.viewer.change { isNewer = $0.noteReading() }
            return isNewer ? self.read(&screen) : []
        }
    }
}

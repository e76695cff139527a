/// Every screen of the console. Adding one: a new file in `Screens/`, and its line here.
package enum ScreenCatalog {
    package static let all: [any Screen.Type] = [
        OverviewScreen.self,
        TrafficScreen.self,
        BucketsScreen.self,
        BackendsScreen.self,
        DatabaseScreen.self,
        ChecksScreen.self,
    ]
}

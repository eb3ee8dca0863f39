"""What viewers may do in public: watch, join, comment, buy; their signals travel in columnar batches."""
